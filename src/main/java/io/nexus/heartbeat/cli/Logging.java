package io.nexus.heartbeat.cli;

/** How logs are written. */
final class Logging {
  private Logging() {}

  static void configure(String level, String format) {}
}
