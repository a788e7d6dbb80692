package io.nexus.heartbeat.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When an unchanged status is written all the same, so that its measurements do not grow old: every
 * five minutes, a tenth more or less for each monitor, so that they do not come together.
 */
final class Refresh {
  private static final Duration EVERY = Duration.ofMinutes(5);

  private final Map<MonitorKey, Instant> written = new ConcurrentHashMap<>();

  void written(MonitorKey key, Instant now) {
    written.put(key, now);
  }

  /** What an earlier process wrote counts as fresh at first: no storm at the start. */
  Instant due(MonitorKey key, Instant now) {
    var tenth = EVERY.toMillis() / 10;
    var jitter = Math.floorMod(key.hashCode() * 0x9E3779B9, 2 * tenth) - tenth;
    return written.computeIfAbsent(key, _ -> now).plus(EVERY).plusMillis(jitter);
  }

  boolean isDue(MonitorKey key, Instant now) {
    return !now.isBefore(due(key, now));
  }

  void forget(MonitorKey key) {
    written.remove(key);
  }
}
