package io.nexus.heartbeat.api;

/** Where a value comes from that must not stand in the resource. */
public record ValueFrom(SecretKeyRef secretKeyRef) {

  /** A key of a Secret in the monitor's namespace. */
  public record SecretKeyRef(String name, String key) {}
}
