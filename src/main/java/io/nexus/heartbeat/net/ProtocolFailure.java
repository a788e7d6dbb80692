package io.nexus.heartbeat.net;

import java.io.IOException;

/** The peer answered, but not as its protocol says. The message is in plain words. */
public final class ProtocolFailure extends IOException {
  private static final long serialVersionUID = 1;

  public ProtocolFailure(String message) {
    super(message);
  }
}
