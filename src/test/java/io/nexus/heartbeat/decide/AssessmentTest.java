package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.Amount;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class AssessmentTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  @Test
  void aTargetIsNotDownBeforeItsFailureThreshold() {
    var target = World.patient(3, 1);
    assertThat(after(target, "HCC").level()).isEqualTo(Level.Healthy);
    assertThat(after(target, "HCC").message()).isEqualTo("refused (2 of 3)");
    assertThat(after(target, "HCCC").level()).isEqualTo(Level.Critical);
    assertThat(after(target, "HCCC").message()).isEqualTo("refused (3 in a row)");
  }

  @Test
  void oneGoodReadingAmongBadOnesStartsTheCountAgain() {
    assertThat(after(World.patient(3, 1), "HCCHCC").level()).isEqualTo(Level.Healthy);
  }

  @Test
  void aTargetIsNotWellBeforeItsSuccessThreshold() {
    var target = World.patient(1, 3);
    assertThat(after(target, "HHHCHH").level()).isEqualTo(Level.Critical);
    assertThat(after(target, "HHHCHH").message()).isEqualTo("well again, not yet for long enough");
    assertThat(after(target, "HHHCHHH").level()).isEqualTo(Level.Healthy);
  }

  @Test
  void aTargetNeverSeenBeforeIsUndecidedUntilReadingsAgree() {
    assertThat(after(World.patient(3, 1), "CC").level()).isNull();
    assertThat(after(World.patient(3, 1), "CC").levelOrUnknown()).isEqualTo(Level.Unknown);
    assertThat(after(World.patient(3, 1), "CCC").level()).isEqualTo(Level.Critical);
    assertThat(after(World.patient(3, 1), "H").level()).isEqualTo(Level.Healthy);
  }

  @Test
  void gettingWorseSettlesOnTheMildestOfTheBadReadings() {
    assertThat(after(World.patient(3, 1), "HCDC").level()).isEqualTo(Level.Degraded);
    assertThat(after(World.patient(3, 1), "HCDCCC").level()).isEqualTo(Level.Critical);
  }

  @Test
  void couldNotTellIsNeitherDownNorUp() {
    var assessment = after(World.patient(1, 1), "HU");
    assertThat(assessment.level()).isEqualTo(Level.Unknown);
    assertThat(assessment.successes()).isEmpty();
  }

  @Test
  void itIsArmedOnceItWasHealthyAndStaysSo() {
    assertThat(after(World.patient(1, 1), "C").armed()).isFalse();
    assertThat(after(World.patient(1, 1), "CH").armed()).isTrue();
    assertThat(after(World.patient(1, 1), "CHC").armed()).isTrue();
    assertThat(after(World.patient(1, 1), "CHC").afterSuspension().armed()).isTrue();
  }

  @Test
  void onlyChecksThatBeganAfterAMomentCountAsFresh() {
    var assessment = after(World.patient(1, 1), "CHHH");
    assertThat(assessment.successesSince(START.plusSeconds(2))).isEqualTo(2);
    assertThat(assessment.successesSince(START.plusSeconds(2).plusNanos(1))).isEqualTo(1);
  }

  @Test
  void aLimitIsReachedExactlyAtItsValueAndHeldUntilClear() {
    var limit = new Threshold("memoryPercent", number(80), number(95), number(75), null);
    var target = World.patient(1, 1, limit);
    var assessment = Assessment.NONE;
    assessment = assessment.next(target, measured(79.9));
    assertThat(assessment.level()).isEqualTo(Level.Healthy);
    assessment = assessment.next(target, measured(80));
    assertThat(assessment.level()).isEqualTo(Level.Degraded);
    assertThat(assessment.message()).isEqualTo("memoryPercent is 80, at or above 80");
    assessment = assessment.next(target, measured(75));
    assertThat(assessment.level()).isEqualTo(Level.Degraded);
    assessment = assessment.next(target, measured(74.9));
    assertThat(assessment.level()).isEqualTo(Level.Healthy);
    assessment = assessment.next(target, measured(95));
    assertThat(assessment.level()).isEqualTo(Level.Critical);
  }

  @Test
  void aLimitThatGetsHarderDownwardsIsAboutTooLittle() {
    var days = new Threshold("certificateDays", number(14), number(3), null, null);
    var target = World.patient(1, 1, days);
    assertThat(Assessment.NONE.next(target, measured("certificateDays", 15)).level())
        .isEqualTo(Level.Healthy);
    assertThat(Assessment.NONE.next(target, measured("certificateDays", 14)).level())
        .isEqualTo(Level.Degraded);
    assertThat(Assessment.NONE.next(target, measured("certificateDays", 3)).level())
        .isEqualTo(Level.Critical);
  }

  @Test
  void aMeasurementThatDoesNotApplySaysWhy() {
    var limit = new Threshold("memoryPercent", number(80), null, null, null);
    var reading =
        new Reading.Up(Measurements.NONE.without("memoryPercent", "maxmemory is not set"));
    var assessment = Assessment.NONE.next(World.patient(1, 1, limit), observed(0, reading));
    assertThat(assessment.level()).isEqualTo(Level.Healthy);
    assertThat(assessment.message()).isEqualTo("no memoryPercent: maxmemory is not set");
  }

  @Test
  void aThresholdOnWhatNobodyMeasuresIsAMistakeNotHealth() {
    var limit = new Threshold("memoryPercnt", number(80), null, null, null);
    var assessment = Assessment.NONE.next(World.patient(1, 1, limit), measured(10));
    assertThat(assessment.level()).isEqualTo(Level.Unknown);
    assertThat(assessment.message()).contains("'memoryPercnt'").contains("measured: memoryPercent");
  }

  @Test
  void theWorstOfReadingThresholdAndConditionCountsAndIsSaidFirst() {
    var target =
        World.patient(1, 1, new Threshold("memoryPercent", number(80), number(95), null, null));
    var low = new Reading.Up(Measurements.NONE.with("memoryPercent", 10));
    var high = new Reading.Up(Measurements.NONE.with("memoryPercent", 96));
    var impaired = new Reading.Impaired("slow", low.measurements(), true);
    var degraded = new Reading.Impaired("json.depth is 7", Measurements.NONE, false);
    var critical = new Reading.Down("json.depth is 9", Measurements.NONE);
    var untold = new Reading.Unknown("the body is not JSON");
    assertThat(judged(target, low, degraded)).isEqualTo("Degraded: json.depth is 7");
    assertThat(judged(target, low, critical)).isEqualTo("Critical: json.depth is 9");
    assertThat(judged(target, low, untold)).isEqualTo("Unknown: the body is not JSON");
    assertThat(judged(target, high, degraded))
        .isEqualTo("Critical: memoryPercent is 96, at or above 95; json.depth is 7");
    assertThat(judged(target, high, untold)).startsWith("Critical: memoryPercent is 96");
    assertThat(judged(target, impaired, degraded)).isEqualTo("Degraded: slow; json.depth is 7");
    assertThat(judged(target, impaired, critical)).isEqualTo("Critical: json.depth is 9; slow");
  }

  @Test
  void aConditionDoesNotMakeWhatIsStartingRepairable() {
    var found = new Reading.Impaired("loading", Measurements.NONE, true);
    var critical = new Reading.Down("m.clients is 0", Measurements.NONE);
    var reading = new Reading.Judged(found, critical);
    assertThat(Assessment.NONE.next(World.patient(1, 1), observed(0, reading)).starting()).isTrue();
  }

  private static String judged(Target target, Reading found, Reading condition) {
    var assessment =
        Assessment.NONE.next(target, observed(0, new Reading.Judged(found, condition)));
    return assessment.level() + ": " + assessment.message();
  }

  @Test
  void amountsAreNumbersPercentagesQuantitiesAndDurations() {
    assertThat(Amount.of(new IntOrString("80%"))).isEqualTo(80);
    assertThat(Amount.of(new IntOrString("0.5"))).isEqualTo(0.5);
    assertThat(Amount.of(new IntOrString("512Mi"))).isEqualTo(512.0 * 1024 * 1024);
    assertThat(Amount.of(new IntOrString("1m30s"))).isEqualTo(90);
    assertThat(Amount.of(new IntOrString("250ms"))).isEqualTo(0.25);
  }

  @Property
  void theLevelOnlyMovesWhenEnoughReadingsInARowDemandIt(
      @ForAll @CharRange(from = 'A', to = 'D') @StringLength(min = 1, max = 60) String readings,
      @ForAll @IntRange(min = 1, max = 10) int failureThreshold,
      @ForAll @IntRange(min = 1, max = 10) int successThreshold) {
    var target = World.patient(failureThreshold, successThreshold);
    var history = readings.replace('A', 'H').replace('B', 'U');
    var before = Assessment.NONE;
    for (var i = 0; i < history.length(); i++) {
      var next = before.next(target, observed(i, reading(history.charAt(i))));
      if (before.level() != null && next.level() != before.level()) {
        var worse = next.levelOrUnknown().isWorseThan(before.level());
        var needed = worse ? failureThreshold : successThreshold;
        var level = before.level();
        assertThat(history.substring(Math.max(0, i + 1 - needed), i + 1).chars().boxed())
            .hasSize(needed)
            .allMatch(
                c ->
                    worse
                        ? Level.ofLetter((char) c.intValue()).isWorseThan(level)
                        : level.isWorseThan(Level.ofLetter((char) c.intValue())));
      }
      assertThat(next.recent().length()).isLessThanOrEqualTo(Assessment.MEMORY);
      assertThat(next.successes().size()).isLessThanOrEqualTo(Assessment.MEMORY);
      before = next;
    }
  }

  private static Assessment after(Target target, String readings) {
    var assessment = Assessment.NONE;
    for (var i = 0; i < readings.length(); i++) {
      assessment = assessment.next(target, observed(i, reading(readings.charAt(i))));
    }
    return assessment;
  }

  private static Reading reading(char letter) {
    return switch (Level.ofLetter(letter)) {
      case Healthy -> new Reading.Up(Measurements.NONE);
      case Degraded -> new Reading.Impaired("slow", Measurements.NONE, false);
      case Unknown -> new Reading.Unknown("no Secret");
      case Critical -> new Reading.Down("refused", Measurements.NONE);
    };
  }

  private static Observation measured(double memoryPercent) {
    return measured("memoryPercent", memoryPercent);
  }

  private static Observation measured(String name, double value) {
    return observed(0, new Reading.Up(Measurements.NONE.with(name, value)));
  }

  private static Observation observed(int second, Reading reading) {
    return new Observation(START.plusSeconds(second), Duration.ofMillis(3), reading);
  }

  private static IntOrString number(int value) {
    return new IntOrString(value);
  }
}
