package io.nexus.heartbeat.decide;

/** What came of an act. An act that nobody tried yet has no result. */
public sealed interface ActResult {

  /** It was done. */
  record Done() implements ActResult {}

  /** Whether it was done is not known, or not all of it was; it is tried again. */
  record NotYet(String why) implements ActResult {}

  /** Nothing was touched. */
  record Refused(String why) implements ActResult {}
}
