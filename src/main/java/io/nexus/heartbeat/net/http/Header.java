package io.nexus.heartbeat.net.http;

/** A header field. The value may be a secret and is not in {@link #toString}. */
public record Header(String name, String value) {
  @Override
  public String toString() {
    return name + ": ***";
  }
}
