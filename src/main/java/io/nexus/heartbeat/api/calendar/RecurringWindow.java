package io.nexus.heartbeat.api.calendar;

import io.nexus.heartbeat.api.GoDuration;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Time that comes again: it begins as its schedule says, and lasts so long, whatever clocks do
 * meanwhile.
 */
public record RecurringWindow(CronSchedule schedule, ZoneId zone, Duration duration) {
  /** What is asked of the calendar has a bound. */
  public static final Duration LONGEST = Duration.ofDays(7);

  /**
   * @throws IllegalArgumentException saying which part is wrong, and what would be right
   */
  public RecurringWindow {
    if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a window lasts more than 0s and at most 168h, not " + GoDuration.format(duration));
    }
  }

  /**
   * @throws IllegalArgumentException saying which part is wrong, and what would be right
   */
  public static RecurringWindow parse(String schedule, String timeZone, Duration duration) {
    return new RecurringWindow(CronSchedule.parse(schedule), zone(timeZone), duration);
  }

  /** As long as the latest one has lasted less than that: all last the same. */
  public boolean isOpen(Instant now) {
    return schedule.last(now, duration, zone).isPresent();
  }

  /** When it next begins, though it be open now. */
  public Optional<Instant> nextOpening(Instant now) {
    return schedule.next(now, zone);
  }

  /** {@code 0 22 * * * Europe/Berlin 8h}. */
  @Override
  public String toString() {
    return schedule + " " + zone + " " + GoDuration.format(duration);
  }

  private static ZoneId zone(String name) {
    try {
      if (ZoneId.getAvailableZoneIds().contains(name)) {
        return ZoneId.of(name);
      }
    } catch (DateTimeException _) {
      // Known by its name, and yet not by its rules: as good as unknown.
    }
    throw new IllegalArgumentException(
        "'" + name + "' is no time zone; right would be such as Europe/Berlin");
  }
}
