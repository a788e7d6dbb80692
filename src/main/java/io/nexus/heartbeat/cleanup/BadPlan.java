package io.nexus.heartbeat.cleanup;

/** What is to be deleted is said in a way that is refused. Its message is for a person. */
public final class BadPlan extends Exception {
  private static final long serialVersionUID = 1;

  BadPlan(String message) {
    super(message);
  }
}
