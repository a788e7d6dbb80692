package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.reading.Rise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/** What is remembered of a measurement that rises, and what is foretold by it. */
class TrendTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Rise FULL = Rise.of("percent", 100, "full");
  private static final Rise TODAY =
      new Rise(
          "percent",
          100,
          Instant.parse("2026-11-24T00:00:00Z"),
          Instant.parse("2026-11-25T00:00:00Z"),
          "limit reached");

  private Assessment known = Assessment.NONE;
  private Instant now = NOON;
  private Rise rise = FULL;
  private Threshold[] thresholds = {};

  @BeforeTry
  void nothingWasSeen() {
    known = Assessment.NONE;
    now = NOON;
  }

  @Example
  void theLimitsTimeIsInTheMessageAlsoWhileAllIsWell() {
    rises(Duration.ofMinutes(30), Duration.ofSeconds(30), minute -> 20 + minute);
    assertThat(known.level()).isEqualTo(Level.Healthy);
    assertThat(known.message()).isEqualTo("full in 50 min");
    assertThat(minutesLeft()).isEqualTo(50);

    rises(Duration.ofMinutes(31), Duration.ofSeconds(30), minute -> 50 + minute);
    assertThat(known.level()).isEqualTo(Level.Degraded);
    assertThat(known.message()).startsWith("percent is 80.5, at or above 80%; full in 19 min");
  }

  @Example
  void hoursAndDaysAreSaidInWords() {
    rises(Duration.ofHours(3), Duration.ofMinutes(1), minute -> 60 + minute / 9.5);
    assertThat(known.message()).isEqualTo("full in 3 h 21 min");
    known = Assessment.NONE;
    rises(Duration.ofHours(3), Duration.ofMinutes(1), minute -> 50 + minute / 90);
    assertThat(known.message()).isEqualTo("full in 3 d");
  }

  @Example
  void theLastMinuteIsNotCalledZero() {
    rises(Duration.ofMinutes(12), Duration.ofSeconds(30), minute -> 95.9 + minute / 3);
    assertThat(known.message()).contains("; full within a minute (");
    assertThat(minutesLeft()).isZero();
    rises(Duration.ofMinutes(1), Duration.ofSeconds(30), minute -> 100 + minute);
    assertThat(known.message()).startsWith("percent is 100.5, at or above 100% (");
    assertThat(minutesLeft()).isZero();
  }

  @Example
  void beforeEnoughWasSeenNothingIsForetold() {
    rises(Duration.ofMinutes(10), Duration.ofSeconds(30), minute -> 20 + minute);
    assertThat(known.message()).isEmpty();
    assertThat(known.measurements().absent())
        .containsEntry("minutesLeft", "percent was not seen long enough");
    rises(Duration.ofSeconds(31), Duration.ofSeconds(30), minute -> 30 + minute);
    assertThat(known.message()).isEqualTo("full in 69 min".replace("69 min", "1 h 9 min"));
  }

  @Example
  void aLimitThatIsReachedOnlyAfterItBeginsAnewIsNotForetold() {
    rise = TODAY;
    rises(Duration.ofHours(3), Duration.ofMinutes(1), minute -> 40 + minute / 18);
    assertThat(now).isEqualTo(Instant.parse("2026-11-24T15:00:00Z"));
    // 50 % in 15 hours, which is after midnight
    assertThat(known.message()).isEmpty();
    assertThat(known.measurements().absent())
        .containsEntry("minutesLeft", "the limit is not reached before it begins anew");
    known = Assessment.NONE;
    now = NOON;
    rises(Duration.ofHours(3), Duration.ofMinutes(1), minute -> 40 + minute / 10);
    assertThat(known.message()).startsWith("limit reached in 7 h");
  }

  @Example
  void midnightEndsWhatWasSeenAndNothingIsForetoldByYesterday() {
    rise = TODAY;
    now = Instant.parse("2026-11-24T22:00:00Z");
    rises(Duration.ofHours(2).minusSeconds(1), Duration.ofMinutes(1), minute -> 10 + minute / 2);
    assertThat(known.trend().samples()).hasSizeGreaterThan(20);
    rise = new Rise("percent", 100, TODAY.until(), TODAY.until().plusSeconds(86400), "x");
    now = TODAY.until();
    // Even where the first look after midnight sees more than the last before it.
    rises(Duration.ofMinutes(5), Duration.ofMinutes(1), minute -> 90);
    assertThat(known.trend().samples()).hasSize(5);
    assertThat(known.measurements().number("minutesLeft")).isEmpty();
  }

  @Example
  void aCleanupEndsWhatWasSeen() {
    rises(Duration.ofHours(1), Duration.ofMinutes(1), minute -> 60 + minute / 4);
    assertThat(minutesLeft()).isCloseTo(100, within(2.0));
    rises(Duration.ofMinutes(12), Duration.ofMinutes(1), minute -> 30 + minute);
    assertThat(known.trend().samples()).allSatisfy(s -> assertThat(s.value()).isLessThan(50));
    assertThat(minutesLeft()).isCloseTo(59, within(2.0));
  }

  @Example
  void aFileMoreOrLessEndsNothing() {
    rises(Duration.ofHours(1), Duration.ofMinutes(1), minute -> 60 + minute / 4 - minute % 2);
    assertThat(minutesLeft()).isBetween(85.0, 115.0);
  }

  @Example
  void aThresholdOnTheMinutesLeftMeansThatFewerAreWorse() {
    thresholds =
        new Threshold[] {
          new Threshold("minutesLeft", new IntOrString("45m"), null, null, null),
          new Threshold("percent", null, new IntOrString("99%"), null, null)
        };
    rises(Duration.ofMinutes(54), Duration.ofMinutes(1), minute -> minute);
    assertThat(known.level()).isEqualTo(Level.Healthy);
    assertThat(known.message()).isEqualTo("full in 47 min");
    rises(Duration.ofMinutes(3), Duration.ofMinutes(1), minute -> 54 + minute);
    assertThat(known.level()).isEqualTo(Level.Degraded);
    assertThat(known.message())
        .isEqualTo("minutesLeft is 44, at or below 45m; full in 44 min (2 in a row)");
  }

  @Example
  void whereNothingIsForetoldAThresholdSaysWhyAndIsNotReached() {
    thresholds =
        new Threshold[] {new Threshold("minutesLeft", null, new IntOrString(30), null, null)};
    rises(Duration.ofHours(1), Duration.ofMinutes(1), _ -> 50);
    assertThat(known.level()).isEqualTo(Level.Healthy);
    assertThat(known.message()).isEqualTo("no minutesLeft: percent does not clearly rise");
  }

  @Example
  void whatCouldNotBeReadIsAGapAndNoDrop() {
    rises(Duration.ofMinutes(30), Duration.ofMinutes(1), minute -> 20 + minute);
    looks(new Reading.Unknown("database db cannot be asked"));
    looks(new Reading.Down("timed out", Measurements.NONE));
    assertThat(known.trend().samples()).hasSizeGreaterThan(20);
    assertThat(known.message()).doesNotContain("full");
  }

  @Example
  void whatWasSeenIsKeptByAnEditAndNotByASuspension() {
    rises(Duration.ofMinutes(30), Duration.ofMinutes(1), minute -> 20 + minute);
    assertThat(known.afterEdit().trend()).isEqualTo(known.trend());
    assertThat(known.afterSuspension().trend()).isEqualTo(Trend.NONE);
  }

  /** The same noise in each run. */
  @Property(tries = 200, seed = "20261124")
  void noiseNeitherEndsWhatWasSeenNorIsForetold(
      @ForAll Random random, @ForAll @IntRange(min = 20, max = 120) int seconds) {
    for (var i = 0; i < 300; i++, now = now.plusSeconds(seconds)) {
      looks(reading(70 + random.nextGaussian()));
      assertThat(known.measurements().number("minutesLeft")).isEmpty();
    }
    assertThat(known.trend().samples()).hasSizeGreaterThan(25);
  }

  @Property(tries = 200, seed = "20261124")
  void aCleanupAmongNoiseEndsWhatWasSeen(
      @ForAll Random random, @ForAll @IntRange(min = 20, max = 120) int seconds) {
    for (var i = 0; i < 200; i++, now = now.plusSeconds(seconds)) {
      looks(reading(70 + random.nextGaussian()));
    }
    for (var i = 0; i < 5; i++, now = now.plusSeconds(seconds)) {
      looks(reading(50 + random.nextGaussian()));
    }
    assertThat(known.trend().samples()).hasSizeLessThanOrEqualTo(5);
  }

  /** Whatever comes in whatever order, memory is bounded and the newest is the last. */
  @Property(tries = 200)
  void neverMoreThanSixtySamplesOfThreeHoursInTheirOrder(
      @ForAll @Size(max = 500) List<@IntRange(min = -50, max = 100) Integer> values,
      @ForAll @IntRange(min = -5, max = 600) int seconds) {
    for (var value : values) {
      now = now.plusSeconds(seconds);
      looks(reading(value));
      var samples = known.trend().samples();
      assertThat(samples.getLast().at()).isEqualTo(now);
      assertThat(samples.getLast().value()).isEqualTo(value.doubleValue());
      assertThat(samples).hasSizeLessThanOrEqualTo(Trend.MOST);
      assertThat(samples.getFirst().at()).isAfterOrEqualTo(now.minus(Trend.LONGEST));
      for (var i = 1; i < samples.size(); i++) {
        assertThat(samples.get(i).at()).isAfter(samples.get(i - 1).at());
      }
    }
  }

  /** However often it is looked at, hours are seen and not only the last minutes. */
  @Property(tries = 30)
  void howeverOftenItIsLookedAtHoursAreSeen(@ForAll @IntRange(min = 1, max = 300) int seconds) {
    rises(Duration.ofHours(5), Duration.ofSeconds(seconds), minute -> minute / 10);
    var samples = known.trend().samples();
    assertThat(samples).hasSizeBetween(20, Trend.MOST);
    assertThat(Duration.between(samples.getFirst().at(), samples.getLast().at()))
        .isGreaterThan(Duration.ofHours(2));
  }

  private double minutesLeft() {
    return known.measurements().number("minutesLeft").orElseThrow();
  }

  private void rises(Duration during, Duration every, DoubleUnaryOperator percentAfterMinutes) {
    var begin = now;
    for (; now.isBefore(begin.plus(during)); now = now.plus(every)) {
      var minutes = Duration.between(begin, now).toMillis() / 60_000.0;
      looks(reading(percentAfterMinutes.applyAsDouble(minutes)));
    }
  }

  private Reading reading(double percent) {
    return new Reading.Up(Measurements.NONE.with("percent", percent).rising(rise));
  }

  private void looks(Reading reading) {
    var kind = new TokenBudgetTarget("db", 1000L, null, null, null, null, null, null, null, null);
    var target = ATarget.of("tokens", kind).thresholds(thresholds).build();
    known = known.next(target, new Observation(now, Duration.ZERO, reading));
  }
}
