package io.nexus.heartbeat.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far this machine's clock is ahead of another's, as one question and its answer bound it.
 *
 * @param least ahead at least; negative: it may be behind
 * @param most ahead at most
 */
public record ClockSkew(Duration least, Duration most) {
  /** Windows, cooldowns and deadlines are kept by clocks; more than this and they are not. */
  public static final Duration BORNE = Duration.ofSeconds(30);

  /**
   * @param sent when we asked, by our clock
   * @param received when the answer began, by our clock
   * @param date what the other clock said somewhere in between, cut to the second as HTTP does
   */
  public static ClockSkew between(Instant sent, Instant received, Instant date) {
    return new ClockSkew(
        Duration.between(date.plusSeconds(1), sent), Duration.between(date, received));
  }

  /** Why our clock is not to be relied upon; empty: it is near enough, beyond doubt. */
  public Optional<String> closed() {
    if (most.compareTo(BORNE) <= 0 && least.compareTo(BORNE.negated()) >= 0) {
      return Optional.empty();
    }
    var middle = least.plus(most).dividedBy(2);
    var sure = least.compareTo(BORNE) > 0 || most.compareTo(BORNE.negated()) < 0;
    return Optional.of(
        sure
            ? "this machine's clock is %s %s the API server's"
                .formatted(
                    Words.of(rounded(middle.abs())), middle.isNegative() ? "behind" : "ahead of")
            : "how far this machine's clock is from the API server's cannot be told: its answer took "
                + Words.of(most.minus(least).minusSeconds(1)));
  }

  private static Duration rounded(Duration duration) {
    return Duration.ofSeconds(Math.round(duration.toMillis() / 1_000.0));
  }
}
