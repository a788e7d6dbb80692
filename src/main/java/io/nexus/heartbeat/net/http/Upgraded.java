package io.nexus.heartbeat.net.http;

/** What came of asking for another protocol. */
public sealed interface Upgraded {
  Response response();

  /** Answered in HTTP, and closed. */
  record Refused(Response response) implements Upgraded {}

  /** From here on in the other protocol. */
  record Switched(Response response, Connection connection) implements Upgraded {}
}
