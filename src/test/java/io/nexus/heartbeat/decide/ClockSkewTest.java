package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ClockSkewTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private static ClockSkew measured(Duration ahead, Duration there, Duration back) {
    var server = NOW.plus(there);
    return ClockSkew.between(
        NOW.plus(ahead), server.plus(back).plus(ahead), server.truncatedTo(ChronoUnit.SECONDS));
  }

  @Example
  void aClockThatIsFarOffIsNamedWithHowFar() {
    var quick = Duration.ofMillis(5);
    assertThat(measured(Duration.ofSeconds(598), quick, quick).closed())
        .contains("this machine's clock is 9 min 58 s ahead of the API server's");
    assertThat(measured(Duration.ofSeconds(-598), quick, quick).closed())
        .contains("this machine's clock is 9 min 58 s behind the API server's");
    assertThat(measured(Duration.ZERO, quick, quick).closed()).isEmpty();
  }

  @Example
  void anAnswerThatTookTooLongTellsNothing() {
    assertThat(measured(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(40)).closed())
        .contains(
            "how far this machine's clock is from the API server's cannot be told: its answer took"
                + " 41 s");
  }

  /** Whatever the way to the server and back takes. */
  @Property
  void theTruthIsBetweenTheBoundsAndNoClockTooFarOffIsBelieved(
      @ForAll @LongRange(min = -100_000, max = 100_000) long ahead,
      @ForAll @IntRange(min = 0, max = 5_000) int there,
      @ForAll @IntRange(min = 0, max = 5_000) int back,
      @ForAll @IntRange(min = 0, max = 999) int fraction) {
    var sent = NOW.plusMillis(fraction);
    var server = sent.plusMillis(there);
    var skew =
        ClockSkew.between(
            sent.plusMillis(ahead),
            server.plusMillis(back).plusMillis(ahead),
            server.truncatedTo(ChronoUnit.SECONDS));
    var truth = Duration.ofMillis(ahead);
    assertThat(skew.least()).isLessThanOrEqualTo(truth);
    assertThat(skew.most()).isGreaterThanOrEqualTo(truth);
    if (truth.abs().compareTo(ClockSkew.BORNE) > 0) {
      assertThat(skew.closed()).isPresent();
    }
    if (there + back < 1_000 && truth.abs().compareTo(Duration.ofSeconds(28)) < 0) {
      assertThat(skew.closed()).isEmpty();
    }
  }
}
