package io.nexus.heartbeat.api.calendar;

import io.nexus.heartbeat.api.calendar.CronField.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Minutes that come again: minute, hour, day of month, month and day of week, as a Kubernetes
 * CronJob reads them (crontab(5); of the two days either is enough when both are other than {@code
 * *}).
 *
 * <p>Where clocks are put forward, a time that does not exist comes at the moment they are; where
 * they are put back, a time that exists twice comes the first time only. A schedule whose hour is
 * {@code *} goes by time that passes: neither is so for it.
 */
public final class CronSchedule {
  /** From one 29 February to the next it can be eight years. */
  private static final int MOST_DAYS = 366 * 8 + 2;

  private static final Map<String, String> SHORT =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private final String text;
  private final Values minutes;
  private final Values hours;
  private final Values daysOfMonth;
  private final Values months;
  private final Values daysOfWeek;

  private CronSchedule(String text, String[] fields) {
    this.text = text;
    minutes = CronField.MINUTE.parse(fields[0]);
    hours = CronField.HOUR.parse(fields[1]);
    daysOfMonth = CronField.DAY_OF_MONTH.parse(fields[2]);
    months = CronField.MONTH.parse(fields[3]);
    daysOfWeek = CronField.DAY_OF_WEEK.parse(fields[4]);
  }

  /**
   * @throws IllegalArgumentException saying what is wrong with which field
   */
  public static CronSchedule parse(String text) {
    var fields = text.strip().split("[ \t]+");
    if (SHORT.containsKey(fields[0])) {
      throw new IllegalArgumentException(
          "'" + text + "' must be written out: '" + SHORT.get(fields[0]) + "'");
    }
    if (fields[0].startsWith("TZ=") || fields[0].startsWith("CRON_TZ=")) {
      throw new IllegalArgumentException(
          "'" + text + "' names a time zone, which has a place of its own beside the schedule");
    }
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "'%s' has %d field%s and not five: minute, hour, day of month, month, day of week, such as '0 22 * * *'"
              .formatted(text, fields.length, fields.length == 1 ? "" : "s"));
    }
    var schedule = new CronSchedule(String.join(" ", fields), fields);
    if (!schedule.everComes()) {
      throw new IllegalArgumentException("'" + text + "' never comes: no month has such a day");
    }
    return schedule;
  }

  /** The first time after this moment. */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    var day = LocalDate.ofInstant(after, zone).minusDays(1);
    for (var d = 0; d < MOST_DAYS; d++) {
      var first = of(day.plusDays(d), zone).filter(after::isBefore).min(Comparator.naturalOrder());
      if (first.isPresent()) {
        // Clocks that are put back at midnight make a day begin before the one before has ended.
        return Stream.concat(first.stream(), of(day.plusDays(d + 1L), zone).filter(after::isBefore))
            .min(Comparator.naturalOrder());
      }
    }
    return Optional.empty();
  }

  /** The last time that is not after this moment, unless that is as long ago as this or longer. */
  public Optional<Instant> last(Instant upTo, Duration within, ZoneId zone) {
    var start = upTo.minus(within);
    var first = LocalDate.ofInstant(start, zone).minusDays(1);
    var days = ChronoUnit.DAYS.between(first, LocalDate.ofInstant(upTo, zone)) + 2;
    return Stream.iterate(first, day -> day.plusDays(1))
        .limit(days)
        .flatMap(day -> of(day, zone))
        .filter(moment -> moment.isAfter(start) && !moment.isAfter(upTo))
        .max(Comparator.naturalOrder());
  }

  private Stream<Instant> of(LocalDate day, ZoneId zone) {
    return comesOn(day)
        ? values(hours, 24)
            .boxed()
            .flatMap(hour -> values(minutes, 60).mapToObj(minute -> LocalTime.of(hour, minute)))
            .flatMap(time -> moments(day.atTime(time), zone.getRules()))
        : Stream.empty();
  }

  private Stream<Instant> moments(LocalDateTime local, ZoneRules rules) {
    var offsets = rules.getValidOffsets(local);
    if (offsets.isEmpty()) {
      return hours.every() ? Stream.empty() : Stream.of(rules.getTransition(local).getInstant());
    }
    return offsets.stream().limit(hours.every() ? 2 : 1).map(local::toInstant);
  }

  private boolean comesOn(LocalDate day) {
    var ofMonth = daysOfMonth.has(day.getDayOfMonth());
    var ofWeek = daysOfWeek.has(day.getDayOfWeek().getValue() % 7);
    return months.has(day.getMonthValue())
        && (daysOfMonth.every() || daysOfWeek.every() ? ofMonth && ofWeek : ofMonth || ofWeek);
  }

  private boolean everComes() {
    return !daysOfWeek.every()
        || values(months, 13)
            .map(month -> Month.of(month).maxLength())
            .anyMatch(length -> values(daysOfMonth, length + 1).findAny().isPresent());
  }

  private static IntStream values(Values named, int below) {
    return IntStream.range(0, below).filter(named::has);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronSchedule schedule && schedule.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The five fields with a space between. */
  @Override
  public String toString() {
    return text;
  }
}
