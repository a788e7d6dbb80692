package io.nexus.heartbeat.secret;

/** A Secret cannot be used; the message says which, why, and how to mend it. */
public final class SecretUnavailable extends Exception {
  private static final long serialVersionUID = 1;

  public SecretUnavailable(String message) {
    super(message);
  }
}
