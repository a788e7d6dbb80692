package io.nexus.heartbeat.bench;

import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.engine.EngineListener;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.web.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How late checks start while it is measured. Counts for the metrics too, as the program does. */
final class Lateness implements EngineListener {
  private final Metrics metrics = new Metrics("bench");
  private final long[] nanos;
  private final AtomicInteger healthy = new AtomicInteger();
  private final LongAdder hanging = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private volatile @Nullable Instant from;
  private volatile @Nullable Instant to;

  Lateness(long most) {
    nanos = new long[Math.toIntExact(most)];
  }

  void measure(Instant begin, Instant end) {
    to = end;
    from = begin;
  }

  @Override
  public void checked(
      MonitorKey monitor,
      String target,
      Duration lateness,
      Observation observation,
      Assessment before,
      Assessment after) {
    metrics.checked(monitor, target, lateness, observation, before, after);
    var begin = from;
    var end = to;
    var due = observation.begun().minus(lateness);
    if (begin == null || end == null || due.isBefore(begin) || !due.isBefore(end)) {
      return;
    }
    if (target.startsWith("hanging")) {
      hanging.increment();
    } else {
      var index = healthy.getAndIncrement();
      if (index < nanos.length) {
        nanos[index] = lateness.toNanos();
      }
    }
    if (target.startsWith("hanging") == observation.reading() instanceof Reading.Up) {
      wrong.increment();
    }
  }

  int healthy() {
    return Math.min(healthy.get(), nanos.length);
  }

  long hanging() {
    return hanging.sum();
  }

  /** Healthy targets found down, or hanging ones found up. */
  long wrong() {
    return wrong.sum();
  }

  /** Milliseconds, of those that were healthy. */
  double percentile(double share) {
    var sorted = Arrays.copyOf(nanos, healthy());
    Arrays.sort(sorted);
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] / 1e6;
  }

  /** The share of the healthy checks that were due and started so early. */
  double within(Duration limit, long due) {
    var early = Arrays.stream(nanos, 0, healthy()).filter(n -> n <= limit.toNanos()).count();
    return (double) early / due;
  }
}
