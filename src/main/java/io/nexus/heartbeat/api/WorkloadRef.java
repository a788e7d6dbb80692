package io.nexus.heartbeat.api;

/** A workload of the monitor's namespace. */
public record WorkloadRef(Kind kind, String name) {

  /** Of {@code apps/v1}. */
  public enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet
  }

  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
