package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.decide.Words;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose turns fail, and since when. Nothing is done or told that is not stored first: it would be
 * done or told again, under another id, by whoever decides next. So a store that fails silences
 * Heartbeat, and this is how it says so by other ways than the receivers.
 */
final class Outages {
  private static final Logger log = LoggerFactory.getLogger(Outages.class);

  /** An API server that restarts is back by then. */
  private static final Duration BORNE = Duration.ofMinutes(1);

  private final Map<MonitorKey, Instant> since = new ConcurrentHashMap<>();
  private volatile Instant succeeded = Instant.MIN;

  /** Said once for each outage. */
  void failed(MonitorKey key, Throwable failure, Instant now) {
    if (since.putIfAbsent(key, now) == null && failure instanceof Unavailable) {
      log.error(
          "{}: until this is mended nothing is repaired and nobody is told (it is tried on): {}",
          key,
          failure.getMessage());
    }
  }

  void over(MonitorKey key, Instant now) {
    succeeded = now;
    if (since.remove(key) != null) {
      log.info("{}: its turns succeed again", key);
    }
  }

  void forget(MonitorKey key) {
    since.remove(key);
  }

  /**
   * Why nobody's turns succeed any more, once that has lasted for a minute. A failure that began
   * before somebody's turn succeeded is that monitor's own matter, such as a right its namespace
   * took back; it must not make the others' Heartbeat look sick.
   */
  Optional<String> lasting(Instant now) {
    return since.entrySet().stream()
        .filter(failing -> failing.getValue().isAfter(succeeded))
        .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .filter(oldest -> Duration.between(oldest.getValue(), now).compareTo(BORNE) >= 0)
        .map(
            oldest ->
                "%s (of %d) cannot be processed for %s; the log says why"
                    .formatted(
                        oldest.getKey(),
                        since.size(),
                        Words.of(Duration.between(oldest.getValue(), now))));
  }
}
