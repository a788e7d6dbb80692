package io.nexus.heartbeat.decide;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as people read them. */
public final class Words {
  private Words() {}

  /** The two largest units: {@code 45 s}, {@code 3 min 5 s}, {@code 2 h}. Below a second, ms. */
  public static String of(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    }
    var days = duration.toDays();
    if (days > 0) {
      return two(days, "d", duration.toHoursPart(), "h");
    }
    if (duration.toHours() > 0) {
      return two(duration.toHours(), "h", duration.toMinutesPart(), "min");
    }
    return duration.toMinutes() > 0
        ? two(duration.toMinutes(), "min", duration.toSecondsPart(), "s")
        : duration.toSeconds() + " s";
  }

  /** To the second, UTC. */
  public static String of(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String two(long big, String unit, int small, String smallUnit) {
    return small == 0 ? big + " " + unit : big + " " + unit + " " + small + " " + smallUnit;
  }
}
