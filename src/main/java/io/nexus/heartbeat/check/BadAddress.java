package io.nexus.heartbeat.check;

/** A url or field of a target that cannot be used; the message says what would be right. */
final class BadAddress extends Exception {
  private static final long serialVersionUID = 1;

  BadAddress(String message) {
    super(message);
  }
}
