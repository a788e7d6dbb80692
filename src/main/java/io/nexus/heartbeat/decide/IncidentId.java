package io.nexus.heartbeat.decide;

/** 128 bits in hexadecimal; people see the first four digits. */
public final class IncidentId {
  private IncidentId() {}

  public static String shortForm(String id) {
    return id.substring(0, Math.min(4, id.length()));
  }
}
