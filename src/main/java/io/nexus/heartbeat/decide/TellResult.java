package io.nexus.heartbeat.decide;

/** What came of telling a receiver. */
public sealed interface TellResult {
  String receiver();

  /** It knows. */
  record Delivered(String receiver) implements TellResult {}

  /** It could not be told yet, and is tried on. */
  record Delayed(String receiver, String why) implements TellResult {}

  /** It will not be told. */
  record Refused(String receiver, String why) implements TellResult {}
}
