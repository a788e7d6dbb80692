package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits that a kind has by itself. */
class LimitsTest {

  @ParameterizedTest
  @CsvSource({
    "79.999, Healthy",
    "80,     Degraded",
    "99.999, Degraded",
    "100,    Critical",
    "1e9,    Critical"
  })
  void aBudgetIsDegradedAtFourFifthsAndCriticalWhenItIsUsedUp(double percent, Level level) {
    assertThat(level(budget(null, null), percent)).isEqualTo(level);
  }

  @Test
  void itsShorthandSaysOtherwise() {
    var target = budget("50%", "60");
    assertThat(level(target, 49.9)).isEqualTo(Level.Healthy);
    assertThat(level(target, 50)).isEqualTo(Level.Degraded);
    assertThat(level(target, 60)).isEqualTo(Level.Critical);
    assertThat(level(budget("90%", "80%"), 79)).isEqualTo(Level.Healthy);
    assertThat(level(budget("90%", "80%"), 80)).isEqualTo(Level.Critical);
  }

  @Test
  void aThresholdOnTheSameMeasurementTakesThePlaceOfBoth() {
    var target = budget("50%", "60%", new Threshold("percent", null, limit("95%"), null, null));
    assertThat(level(target, 94.9)).isEqualTo(Level.Healthy);
    assertThat(level(target, 95)).isEqualTo(Level.Critical);
    var other = budget(null, null, new Threshold("tokensPerHour", limit("7"), null, null, null));
    assertThat(level(other, 80)).isEqualTo(Level.Unknown); // which is not measured here
    assertThat(level(other, 100)).isEqualTo(Level.Critical);
  }

  @ParameterizedTest
  @CsvSource({"79.999, Healthy", "80, Degraded", "100, Degraded"})
  void aDatabaseIsDegradedAtFourFifthsOfItsConnections(double percent, Level level) {
    var database =
        new PostgresTarget(null, null, "db", null, null, null, null, null, null, List.of());
    var reading = new Reading.Up(Measurements.NONE.with("connectionsPercent", percent));
    var itself = ATarget.of("db", database).build();
    assertThat(Assessment.NONE.next(itself, observed(reading)).level()).isEqualTo(level);
    var later = new Threshold("connectionsPercent", null, limit("100%"), null, null);
    var declared = ATarget.of("db", database).thresholds(later).build();
    assertThat(Assessment.NONE.next(declared, observed(reading)).level())
        .isEqualTo(percent < 100 ? Level.Healthy : Level.Critical);
  }

  @Test
  void whereItIsNotMeasuredNothingIsSaid() {
    var reading = new Reading.Up(Measurements.NONE.without("percent", "no right"));
    var after = Assessment.NONE.next(budget(null, null), observed(reading));
    assertThat(after.level()).isEqualTo(Level.Healthy);
    assertThat(after.message()).isEmpty();
  }

  private static Level level(Target target, double percent) {
    var reading = new Reading.Up(Measurements.NONE.with("percent", percent));
    return Assessment.NONE.next(target, observed(reading)).level();
  }

  private static Observation observed(Reading reading) {
    return new Observation(Instant.parse("2026-11-24T12:00:00Z"), Duration.ZERO, reading);
  }

  private static Target budget(String degraded, String critical, Threshold... thresholds) {
    var kind =
        new TokenBudgetTarget(
            "db", 1000L, null, limit(degraded), limit(critical), null, null, null, null, null);
    return ATarget.of("tokens", kind).thresholds(thresholds).build();
  }

  private static IntOrString limit(String text) {
    return text == null ? null : new IntOrString(text);
  }
}
