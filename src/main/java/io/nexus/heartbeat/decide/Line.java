package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.decide.Forecast.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The straight line through samples from which their squared distances are least.
 *
 * @param middle the mean of their moments
 * @param level its value there
 * @param slope by the second
 * @param explained the share of their variance that is the line's, 0 to 1; not a number when they
 *     did not move
 * @param spread how far they lie around it, as a standard deviation
 */
record Line(Instant middle, double level, double slope, double explained, double spread) {
  /** The share of all movement that must be the line's for a rise to be clear. */
  private static final double CLEAR = 0.8;

  /**
   * @param samples at least one
   */
  static Line through(List<Sample> samples) {
    var origin = samples.getFirst();
    var x = samples.stream().mapToDouble(sample -> seconds(origin.at(), sample.at())).toArray();
    var y = samples.stream().mapToDouble(sample -> sample.value() - origin.value()).toArray();
    var xx = product(x, x);
    var xy = product(x, y);
    var yy = product(y, y);
    return new Line(
        origin.at().plusMillis(Math.round(1000 * mean(x))),
        origin.value() + mean(y),
        xy / xx,
        xy * xy / (xx * yy),
        Math.sqrt(Math.max(0, yy - xy * xy / xx) / samples.size()));
  }

  boolean isClearlyRising() {
    return slope > 0 && explained >= CLEAR;
  }

  double at(Instant moment) {
    return level + slope * seconds(middle, moment);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  /** The sum of the products of how far each is from its mean. */
  private static double product(double[] a, double[] b) {
    var meanA = mean(a);
    var meanB = mean(b);
    var sum = 0.0;
    for (var i = 0; i < a.length; i++) {
      sum += (a[i] - meanA) * (b[i] - meanB);
    }
    return sum;
  }

  private static double mean(double[] values) {
    var sum = 0.0;
    for (var value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
