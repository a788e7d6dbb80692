package io.nexus.heartbeat.decide;

import org.jspecify.annotations.Nullable;

/** What a target of kind push says of itself. */
public sealed interface Signal {

  /** It has begun. */
  record Start() implements Signal {}

  /**
   * It has ended.
   *
   * @param exitCode null where it was not told
   */
  record End(boolean well, @Nullable Integer exitCode) implements Signal {}
}
