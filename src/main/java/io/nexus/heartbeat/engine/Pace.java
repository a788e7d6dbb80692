package io.nexus.heartbeat.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** At most so many in a minute of each target: every one is a write. */
final class Pace {
  private static final int MOST = 20;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<String, Deque<Instant>> lately = new ConcurrentHashMap<>();

  boolean allows(String target, Instant now) {
    var allowed = new boolean[1];
    lately.compute(
        target,
        (_, before) -> {
          var times = before == null ? new ArrayDeque<Instant>() : before;
          while (!times.isEmpty() && !times.peekFirst().isAfter(now.minus(WINDOW))) {
            times.removeFirst();
          }
          allowed[0] = times.size() < MOST;
          if (allowed[0]) {
            times.addLast(now);
          }
          return times;
        });
    return allowed[0];
  }
}
