package io.nexus.heartbeat.api.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecurringWindowTest {
  private static final RecurringWindow NIGHTS =
      RecurringWindow.parse("0 22 * * *", "Europe/Berlin", Duration.ofHours(8));

  @Test
  void aWindowIsOpenFromItsFirstMomentAndNotAtItsLast() {
    assertThat(NIGHTS.isOpen(Instant.parse("2026-11-24T20:59:59Z"))).isFalse();
    assertThat(NIGHTS.isOpen(Instant.parse("2026-11-24T21:00:00Z"))).isTrue();
    assertThat(NIGHTS.isOpen(Instant.parse("2026-11-25T04:59:59Z"))).isTrue();
    assertThat(NIGHTS.isOpen(Instant.parse("2026-11-25T05:00:00Z"))).isFalse();
  }

  @Test
  void aNightLastsEightHoursThoughClocksBePutForwardInIt() {
    assertThat(NIGHTS.isOpen(Instant.parse("2026-03-28T21:00:00Z"))).isTrue();
    assertThat(NIGHTS.isOpen(Instant.parse("2026-03-29T04:59:59Z"))).isTrue(); // 6:59 there
    assertThat(NIGHTS.isOpen(Instant.parse("2026-03-29T05:00:00Z"))).isFalse();
  }

  @Test
  void whatBeginsBeforeTheLastHasEndedIsOneWindow() {
    var always = RecurringWindow.parse("0 * * * *", "UTC", Duration.ofHours(2));
    for (var hour = 0; hour < 48; hour++) {
      assertThat(always.isOpen(Instant.parse("2026-11-24T00:30:00Z").plus(Duration.ofHours(hour))))
          .isTrue();
    }
  }

  @Test
  void aWindowOfAWeekIsFoundWhenItBeganAWeekAgo() {
    var weeks = RecurringWindow.parse("0 0 1 * *", "UTC", RecurringWindow.LONGEST);
    assertThat(weeks.isOpen(Instant.parse("2026-11-07T23:59:59Z"))).isTrue();
    assertThat(weeks.isOpen(Instant.parse("2026-11-08T00:00:00Z"))).isFalse();
    assertThat(weeks.nextOpening(Instant.parse("2026-11-03T00:00:00Z")))
        .contains(Instant.parse("2026-12-01T00:00:00Z"));
  }

  @Test
  void eachPartThatIsWrongIsNamed() {
    assertThatThrownBy(() -> RecurringWindow.parse("0 0 * * *", "Berlin", Duration.ofHours(1)))
        .hasMessage("'Berlin' is no time zone; right would be such as Europe/Berlin");
    assertThatThrownBy(() -> RecurringWindow.parse("0 0 * * *", "UTC", Duration.ZERO))
        .hasMessage("a window lasts more than 0s and at most 168h, not 0s");
    assertThat(NIGHTS).hasToString("0 22 * * * Europe/Berlin 8h");
  }
}
