package io.nexus.heartbeat.engine;

import java.time.Duration;

/**
 * When a target's checks are due, on the monotonic clock: a phase of its own, so that targets do
 * not all start together, and then every interval from there, however long a check took.
 *
 * @param first nanoseconds, as {@link System#nanoTime}
 * @param interval nanoseconds
 */
record Timetable(long first, long interval) {

  /** Phases are spread over the whole interval, by the hash of the target's identity. */
  static Timetable starting(long now, Duration interval, Object identity) {
    return new Timetable(now + phase(identity, interval), interval.toNanos());
  }

  /** A moment within so long, always the same for the same identity. */
  static long phase(Object identity, Duration within) {
    return Math.floorMod(mixed(identity.hashCode()), Math.max(1, within.toNanos()));
  }

  /** The first moment after {@code now}; those missed meanwhile are left out, not caught up on. */
  long nextAfter(long now) {
    var late = now - first;
    return late < 0 ? first : first + (late / interval + 1) * interval;
  }

  /** Strings that differ in their last letter have hashes that are close together. */
  private static long mixed(int hash) {
    var x = hash * 0x9E3779B97F4A7C15L;
    return (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L >>> 1;
  }
}
