package io.nexus.heartbeat.api.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Against a model that walks through the days minute by minute and looks at the clock. */
class CalendarPropertyTest {
  private static final int DAYS = 6;

  /** An empty set is {@code *}. */
  record Cron(
      Set<Integer> minutes,
      Set<Integer> hours,
      Set<Integer> daysOfMonth,
      Set<Integer> months,
      Set<Integer> daysOfWeek) {

    @Override
    public String toString() {
      return List.of(minutes, hours, daysOfMonth, months, daysOfWeek).stream()
          .map(
              values ->
                  values.isEmpty()
                      ? "*"
                      : values.stream().map(String::valueOf).collect(Collectors.joining(",")))
          .collect(Collectors.joining(" "));
    }

    boolean names(LocalDateTime time) {
      var ofMonth = daysOfMonth.contains(time.getDayOfMonth());
      var ofWeek = daysOfWeek.contains(time.getDayOfWeek().getValue() % 7);
      var day =
          daysOfMonth.isEmpty()
              ? daysOfWeek.isEmpty() || ofWeek
              : daysOfWeek.isEmpty() ? ofMonth : ofMonth || ofWeek;
      return day
          && (minutes.isEmpty() || minutes.contains(time.getMinute()))
          && (hours.isEmpty() || hours.contains(time.getHour()))
          && (months.isEmpty() || months.contains(time.getMonthValue()));
    }
  }

  /** A zone, and a moment some hours before its clocks change; or any other moment. */
  record Place(ZoneId zone, Instant start) {}

  @Provide
  Arbitrary<Cron> crons() {
    return Combinators.combine(
            some(1, 0, 59, 3),
            some(0, 0, 23, 4),
            some(0, 1, 31, 3),
            some(0, 1, 12, 9),
            some(0, 0, 6, 3))
        .as(Cron::new);
  }

  private static Arbitrary<Set<Integer>> some(int least, int lowest, int highest, int most) {
    return Arbitraries.integers()
        .between(lowest, highest)
        .set()
        .ofMinSize(least)
        .ofMaxSize(most)
        .map(TreeSet::new);
  }

  @Provide
  Arbitrary<Place> places() {
    // Half an hour in Lord Howe, at midnight in Havana and Beirut, a whole day left out in Apia,
    // the
    // day before repeated in no zone since 1867.
    var zones =
        Arbitraries.of(
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "America/Havana",
                "Asia/Beirut",
                "Pacific/Apia",
                "America/Sao_Paulo",
                "Asia/Kathmandu",
                "UTC")
            .map(ZoneId::of);
    return Combinators.combine(
            zones, Arbitraries.integers().between(0, 7_000), Arbitraries.integers().between(0, 71))
        .as(
            (zone, day, hours) -> {
              var from = Instant.parse("2009-01-01T00:00:00Z").plus(Duration.ofDays(day));
              var change = zone.getRules().nextTransition(from);
              var near = change == null ? from : change.getInstant();
              return new Place(
                  zone, near.minus(Duration.ofHours(hours)).truncatedTo(ChronoUnit.MINUTES));
            });
  }

  @Property(tries = 300)
  void eachTimeIsThatOfTheModel(@ForAll("crons") Cron cron, @ForAll("places") Place place) {
    var end = place.start().plus(Duration.ofDays(DAYS));
    var expected = model(cron, place, end);
    var schedule = CronSchedule.parse(possible(cron).toString());
    var found = new ArrayList<Instant>();
    var at = place.start().minusSeconds(1);
    while (true) {
      var next = schedule.next(at, place.zone());
      if (next.isEmpty() || !next.get().isBefore(end)) {
        break;
      }
      assertThat(next.get()).isAfter(at);
      found.add(next.get());
      at = next.get();
    }
    assertThat(found).isEqualTo(expected);
  }

  @Property(tries = 150)
  void aWindowIsOpenExactlyWhileOneOfTheModelsIs(
      @ForAll("crons") Cron cron,
      @ForAll("places") Place place,
      @ForAll @IntRange(min = 1, max = 3 * 24 * 60) int minutes) {
    var duration = Duration.ofMinutes(minutes);
    var window =
        new RecurringWindow(CronSchedule.parse(possible(cron).toString()), place.zone(), duration);
    var end = place.start().plus(Duration.ofDays(DAYS));
    var begins = model(cron, place, end);
    for (var now = place.start().plus(duration);
        now.isBefore(end);
        now = now.plus(Duration.ofMinutes(97))) {
      var at = now;
      assertThat(window.isOpen(at))
          .as("%s at %s", window, at)
          .isEqualTo(
              begins.stream().anyMatch(b -> !b.isAfter(at) && at.isBefore(b.plus(duration))));
    }
  }

  /** What never comes is refused; then it may come on any day. */
  private static Cron possible(Cron cron) {
    try {
      var _ = CronSchedule.parse(cron.toString());
      return cron;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("never comes");
      cron.daysOfMonth().clear();
      return cron;
    }
  }

  private static List<Instant> model(Cron cron, Place place, Instant end) {
    var hourly = possible(cron).hours().isEmpty();
    var begins = new ArrayList<Instant>();
    var seen = new HashSet<LocalDateTime>();
    // What was seen before the start: clocks may have been put back since.
    var now = place.start().minus(Duration.ofHours(30));
    var before = LocalDateTime.ofInstant(now.minusSeconds(60), place.zone());
    for (; now.isBefore(end); now = now.plusSeconds(60)) {
      var local = LocalDateTime.ofInstant(now, place.zone());
      var first = seen.add(local);
      var comes = cron.names(local) && (first || hourly);
      for (var left = before.plusMinutes(1); left.isBefore(local); left = left.plusMinutes(1)) {
        seen.add(left);
        comes |= cron.names(left) && !hourly;
      }
      if (comes && !now.isBefore(place.start())) {
        begins.add(now);
      }
      before = local;
    }
    return begins;
  }
}
