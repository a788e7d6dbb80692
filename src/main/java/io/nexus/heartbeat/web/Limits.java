package io.nexus.heartbeat.web;

import java.util.Map;

/**
 * What the JDK's HTTP server takes of one client. It reads these properties once, when the first
 * server of the process is made, and has no other way to be told.
 *
 * @see <a
 *     href="https://docs.oracle.com/en/java/javase/25/docs/api/jdk.httpserver/module-summary.html">the
 *     module's implementation note</a>
 */
final class Limits {
  private static final Map<String, String> OURS =
      Map.of(
          // Seconds until an answer must be taken. Prometheus gives a scrape 10 s unless it is told
          // otherwise (scrape_timeout), of which some may be waiting for others' scrapes.
          "sun.net.httpserver.maxRspTime", "20",
          "jdk.httpserver.maxConnections", "128",
          "sun.net.httpserver.maxIdleConnections", "32",
          "sun.net.httpserver.idleInterval", "90", // seconds; beyond the usual scrape interval
          "sun.net.httpserver.maxReqTime", "10", // seconds until a request's head must be there
          "sun.net.httpserver.maxReqHeaders", "50",
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "sun.net.httpserver.drainAmount", "16384",
          // Without it the last segment of each answer waits 40 ms for an acknowledgement.
          "sun.net.httpserver.nodelay", "true");

  private Limits() {}

  /** Where the administrator has not set another. */
  static void set() {
    OURS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
