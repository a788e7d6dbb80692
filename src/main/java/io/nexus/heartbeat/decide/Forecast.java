package io.nexus.heartbeat.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When a measurement reaches a limit if it goes on rising as it did: a straight line through what
 * was seen of it, by least squares. What does not clearly rise has no forecast, nor has what was
 * seen too seldom or too briefly; and none looks further ahead than what was seen can carry.
 */
public final class Forecast {
  /** Fewer points lie on some line too often by chance. */
  static final int FEWEST = 10;

  static final Duration SHORTEST = Duration.ofMinutes(10);

  /** How many times the time that was seen a forecast looks ahead: three hours, four days. */
  static final int FURTHEST = 32;

  private Forecast() {}

  /** A measurement at a moment. */
  public record Sample(Instant at, double value) {}

  /**
   * @param samples in the order of their moments
   * @return how long after the last of them; zero when that has reached the limit already
   */
  public static Optional<Duration> of(List<Sample> samples, double limit) {
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    var last = samples.getLast().value();
    if (last >= limit) {
      return Optional.of(Duration.ZERO);
    }
    if (!isSeenEnough(samples)) {
      return Optional.empty();
    }
    var whole = Line.through(samples);
    var newer = Line.through(newerHalf(samples));
    // What has stopped rising must not be foretold by how it rose before.
    if (!whole.isClearlyRising() || !(newer.slope() >= whole.slope() / 2)) {
      return Optional.empty();
    }
    var seconds = (limit - last) / whole.slope();
    return seconds <= (double) FURTHEST * span(samples).toSeconds()
        ? Optional.of(Duration.ofMillis(Math.round(seconds * 1000)))
        : Optional.empty();
  }

  static boolean isSeenEnough(List<Sample> samples) {
    return samples.size() >= FEWEST && span(samples).compareTo(SHORTEST) >= 0;
  }

  private static Duration span(List<Sample> samples) {
    return Duration.between(samples.getFirst().at(), samples.getLast().at());
  }

  private static List<Sample> newerHalf(List<Sample> samples) {
    var middle = samples.getFirst().at().plus(span(samples).dividedBy(2));
    return samples.stream().filter(sample -> !sample.at().isBefore(middle)).toList();
  }
}
