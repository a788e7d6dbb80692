package io.nexus.heartbeat.api.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 22 * * *      | 2026-11-24T10:00:00Z | 2026-11-24T22:00:00Z
          0 22 * * *      | 2026-11-24T22:00:00Z | 2026-11-25T22:00:00Z
          * * * * *       | 2026-11-24T23:59:30Z | 2026-11-25T00:00:00Z
          */15 * * * *    | 2026-11-24T10:07:30Z | 2026-11-24T10:15:00Z
          5/20 * * * *    | 2026-11-24T10:26:00Z | 2026-11-24T10:45:00Z
          10-20/5 8 * * * | 2026-11-24T08:11:00Z | 2026-11-24T08:15:00Z
          0 3 * * SUN     | 2026-11-24T10:00:00Z | 2026-11-29T03:00:00Z
          0 3 * * 7       | 2026-11-24T10:00:00Z | 2026-11-29T03:00:00Z
          0 3 * * 5-7     | 2026-11-24T10:00:00Z | 2026-11-27T03:00:00Z
          0 3 * * mon-fri | 2026-11-28T10:00:00Z | 2026-11-30T03:00:00Z
          0 0 1 jan *     | 2026-11-24T10:00:00Z | 2027-01-01T00:00:00Z
          0 0 13 * FRI    | 2026-11-24T10:00:00Z | 2026-11-27T00:00:00Z
          0 0 13 * FRI    | 2026-12-12T10:00:00Z | 2026-12-13T00:00:00Z
          0 0 29 2 *      | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z
          0 0 31 * *      | 2026-11-24T10:00:00Z | 2026-12-31T00:00:00Z
          """)
  void aScheduleIsReadAsCronReadsIt(String schedule, Instant after, Instant next) {
    assertThat(CronSchedule.parse(schedule).next(after, ZoneOffset.UTC)).contains(next);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          0 25 * * *     | hour '25' is not of 0 to 23
          60 * * * *     | minute '60' is not of 0 to 59
          0 0 0 * *      | day of month '0' is not of 1 to 31
          0 0 * 13 *     | month '13' is not of 1 to 12 or JAN to DEC
          0 0 * * 8      | day of week '8' is not of 0 to 7 or SUN to SAT
          0 0 * * SONNTAG| day of week 'SONNTAG' is not of 0 to 7 or SUN to SAT
          0 22-4 * * *   | hour '22-4' runs backwards; name the two parts, with a comma between
          0 */0 * * *    | hour '*/0' has no step of 1 or more behind the '/'
          0 1, * * *     | hour '' is not of 0 to 23
          0 -1 * * *     | hour '-1' is not of 0 to 23
          0 22 * *       | '0 22 * *' has 4 fields and not five: minute, hour, day of month, month, day of week, such as '0 22 * * *'
          nights         | 'nights' has 1 field and not five: minute, hour, day of month, month, day of week, such as '0 22 * * *'
          @daily         | '@daily' must be written out: '0 0 * * *'
          0 0 30 2 *     | '0 0 30 2 *' never comes: no month has such a day
          0 0 31 4,6,9 * | '0 0 31 4,6,9 *' never comes: no month has such a day
          """)
  void whatIsNoScheduleSaysWhichFieldIsWrong(String schedule, String why) {
    assertThatThrownBy(() -> CronSchedule.parse(schedule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  /** In 2026 Berlin puts its clocks forward on 29 March at 2:00, and back on 25 October at 3:00. */
  @Test
  void aTimeThatDoesNotExistComesWhenClocksArePutForward() {
    assertThat(times("30 2 * * *", "2026-03-28T00:00:00Z", 3))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
  }

  @Test
  void aTimeThatExistsTwiceComesTheFirstTime() {
    assertThat(times("30 2 * * *", "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void whatComesEachHourGoesByTimeThatPasses() {
    assertThat(times("30 * * * *", "2026-10-25T00:00:00Z", 3))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
    assertThat(times("30 * * * *", "2026-03-29T00:00:00Z", 2))
        .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
  }

  private static List<String> times(String schedule, String after, int count) {
    var times = new ArrayList<String>();
    var at = Instant.parse(after);
    for (var i = 0; i < count; i++) {
      at = CronSchedule.parse(schedule).next(at, BERLIN).orElseThrow();
      times.add(at.toString());
    }
    return times;
  }
}
