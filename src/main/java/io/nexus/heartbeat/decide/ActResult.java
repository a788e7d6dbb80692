package io.nexus.heartbeat.decide;

/** What came of an act. An act of unknown outcome has no result yet. */
public sealed interface ActResult {

  /** It was done. */
  record Done() implements ActResult {}

  /** Nothing was touched. */
  record Refused(String why) implements ActResult {}
}
