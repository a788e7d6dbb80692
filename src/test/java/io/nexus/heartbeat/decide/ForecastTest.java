package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nexus.heartbeat.decide.Forecast.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Of a straight line through what was seen of a measurement. */
class ForecastTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  @Property(tries = 500)
  void whatRisesSteadilyReachesItsLimitWhenTheLineDoes(
      @ForAll @IntRange(min = 10, max = 60) int count,
      @ForAll @IntRange(min = 70, max = 3600) int seconds,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double first,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double step,
      @ForAll @DoubleRange(min = 0.01, max = 30) double ahead) {
    var samples = samples(count, seconds, i -> first + i * step);
    var steps = ahead * (count - 1); // so many times what was seen
    var limit = samples.getLast().value() + steps * step;
    var left = Forecast.of(samples, limit).orElseThrow().toMillis() / 1000.0;
    assertThat(left).isCloseTo(steps * seconds, within(1 + steps * seconds / 100));
  }

  @Property(tries = 500)
  void whatStandsOrFallsHasNoForecast(
      @ForAll @IntRange(min = 1, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 3600) int seconds,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double first,
      @ForAll @DoubleRange(min = -1e6, max = 0) double step) {
    assertThat(Forecast.of(samples(count, seconds, i -> first + i * step), first + 1)).isEmpty();
  }

  /** The same noise in each run: noise that looks like a line is possible, if not to be met. */
  @Property(tries = 2000, seed = "20261124")
  void noiseHasNoForecast(
      @ForAll Random random,
      @ForAll @IntRange(min = 2, max = 60) int count,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double width) {
    var samples = samples(count, 180, _ -> 50 + width * random.nextGaussian());
    var limit = samples.stream().mapToDouble(Sample::value).max().orElseThrow() + width;
    assertThat(Forecast.of(samples, limit)).isEmpty();
  }

  @Property(tries = 500, seed = "20261124")
  void someNoiseOnARiseMovesTheForecastByLittle(
      @ForAll Random random, @ForAll @IntRange(min = 30, max = 60) int count) {
    // Over all that is seen it rises by count; the noise is a tenth of that.
    var samples = samples(count, 180, i -> i + count / 10.0 * (2 * random.nextDouble() - 1));
    var expected = 180.0 * (3 * count - samples.getLast().value());
    var left = Forecast.of(samples, 3.0 * count).orElseThrow().toSeconds();
    assertThat(left / expected).isBetween(0.75, 1.35);
  }

  @Property(tries = 500)
  void aForecastIsNeverNegativeNorFurtherThanWhatWasSeenCarries(
      @ForAll List<@DoubleRange(min = -1e9, max = 1e9) Double> values,
      @ForAll @IntRange(min = 1, max = 3600) int seconds,
      @ForAll @DoubleRange(min = -1e9, max = 1e9) double limit) {
    var samples = samples(values.size(), seconds, values::get);
    var span = Duration.ofSeconds((long) seconds * Math.max(0, values.size() - 1));
    Forecast.of(samples, limit)
        .ifPresent(
            left ->
                assertThat(left).isBetween(Duration.ZERO, span.multipliedBy(Forecast.FURTHEST)));
  }

  @Property(tries = 200)
  void fewSamplesOrAShortTimeHaveNoForecast(@ForAll @IntRange(min = 1, max = 59) int count) {
    var seconds = count < Forecast.FEWEST ? 3600 : 600 / (count - 1) - 1;
    assertThat(Forecast.of(samples(count, seconds, i -> i), 100)).isEmpty();
  }

  @Example
  void whereTenOverTenMinutesAreEnough() {
    assertThat(Forecast.of(samples(10, 67, i -> i), 100)).isPresent();
    assertThat(Forecast.of(samples(9, 67, i -> i), 100)).isEmpty();
    assertThat(Forecast.of(samples(10, 66, i -> i), 100)).isEmpty();
  }

  @Example
  void whatHasReachedItsLimitHasNoTimeLeftHoweverLittleWasSeen() {
    assertThat(Forecast.of(samples(1, 1, _ -> 100), 100)).contains(Duration.ZERO);
    assertThat(Forecast.of(samples(20, 60, i -> 100 - i), 81)).contains(Duration.ZERO);
    assertThat(Forecast.of(List.of(), 100)).isEmpty();
  }

  @Example
  void whatHasStoppedRisingHasNoForecast() {
    assertThat(Forecast.of(samples(60, 180, i -> Math.min(i, 30)), 100)).isEmpty();
    assertThat(Forecast.of(samples(60, 180, i -> i < 50 ? i : 50), 100)).isPresent();
  }

  @Example
  void aStepIsNoRise() {
    assertThat(Forecast.of(samples(60, 180, i -> i < 30 ? 10 : 60), 100)).isEmpty();
    assertThat(Forecast.of(samples(60, 180, i -> i < 59 ? 10 : 60), 100)).isEmpty();
  }

  private static List<Sample> samples(int count, int seconds, IntToDoubleFunction value) {
    var samples = new ArrayList<Sample>();
    for (var i = 0; i < count; i++) {
      samples.add(new Sample(START.plusSeconds((long) i * seconds), value.applyAsDouble(i)));
    }
    return samples;
  }
}
