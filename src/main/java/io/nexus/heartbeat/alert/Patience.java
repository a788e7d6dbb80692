package io.nexus.heartbeat.alert;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between tries and when to give up.
 *
 * @param first the most to wait after the first failure; doubled with each further one
 * @param longest but never more than this
 * @param obeyed the most to wait because a provider says so, lest a hostile one parks a lane for
 *     good
 * @param quiet a notice that is not delivered for so long is news
 * @param giveUp a notice that could not be delivered for so long is dead
 * @param send what one try may take
 */
record Patience(
    Duration first,
    Duration longest,
    Duration obeyed,
    Duration quiet,
    Duration giveUp,
    Duration send) {
  static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofMinutes(1),
          Duration.ofHours(24),
          Duration.ofSeconds(20));

  /**
   * Full jitter, so that what failed together does not come back together
   * (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
   *
   * @param failures so far, at least 1
   */
  long backoffNanos(int failures, RandomGenerator random) {
    var ceiling = first.toNanos() << Math.min(failures - 1, 20);
    return random.nextLong(Math.min(ceiling, longest.toNanos()) + 1);
  }

  long obeyedNanos(Duration retryAfter) {
    return Math.clamp(retryAfter.toNanos(), 0, obeyed.toNanos());
  }
}
