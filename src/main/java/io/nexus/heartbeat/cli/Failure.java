package io.nexus.heartbeat.cli;

/** The command cannot go on for a reason that the user can mend: a message, no stack trace. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
