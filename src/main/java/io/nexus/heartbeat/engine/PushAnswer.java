package io.nexus.heartbeat.engine;

/** What became of what a target said of itself. */
public enum PushAnswer {
  /** It is written down. */
  Stored,

  /** No such target, or not its token; which of both is nobody's business. */
  NotHere,

  /** It says too much. */
  TooMany,

  /** It could not be written down, or not everything is known yet. */
  TryAgain
}
