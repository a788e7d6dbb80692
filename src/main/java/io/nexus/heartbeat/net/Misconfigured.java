package io.nexus.heartbeat.net;

import java.io.IOException;

/** We were told something that cannot work; the message says what would. Never the peer's fault. */
public final class Misconfigured extends IOException {
  private static final long serialVersionUID = 1;

  public Misconfigured(String message) {
    super(message);
  }
}
