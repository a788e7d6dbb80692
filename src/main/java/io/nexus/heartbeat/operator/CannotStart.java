package io.nexus.heartbeat.operator;

import org.jspecify.annotations.Nullable;

/** The operator cannot start; the message says what to do first. */
public final class CannotStart extends Exception {
  private static final long serialVersionUID = 1;

  CannotStart(String message) {
    this(message, null);
  }

  CannotStart(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
