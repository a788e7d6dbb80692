package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OwnerLimitsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private static OwnerLimits limits(String... annotations) {
    var map = new HashMap<String, String>();
    for (var i = 0; i < annotations.length; i += 2) {
      map.put("heartbeat.nexus.io/" + annotations[i], annotations[i + 1]);
    }
    return OwnerLimits.of(map);
  }

  @Example
  void withoutAnnotationsNothingIsLimited() {
    assertThat(OwnerLimits.of(Map.of("team", "a"))).isEqualTo(OwnerLimits.NONE);
    assertThat(OwnerLimits.NONE.closed(NOW)).isEmpty();
  }

  @Example
  void eachLimitSaysUntilWhenItHolds() {
    var acts = "2026-11-23T13:00:00Z 2026-11-24T11:45:00Z";
    assertThat(limits("max-actions", "2/24h", "acts", acts).closed(NOW))
        .contains(
            "heartbeat.nexus.io/max-actions: 2 of 2 acts in 1 d are spent, until"
                + " 2026-11-24T13:00:00Z");
    assertThat(limits("max-actions", "2/24h", "acts", acts).closed(NOW.plusSeconds(3_600)))
        .isEmpty();
    assertThat(limits("cooldown", "30m", "acts", acts).closed(NOW))
        .contains(
            "heartbeat.nexus.io/cooldown: 30 min after the last act, until 2026-11-24T12:15:00Z");
    assertThat(limits("cooldown", "10m", "acts", acts).closed(NOW)).isEmpty();
    assertThat(
            limits("repair-windows", "0 22 * * * Europe/Berlin 8h; 0 14 * * * UTC 1h").closed(NOW))
        .contains(
            "heartbeat.nexus.io/repair-windows: repair may act only in 0 22 * * * Europe/Berlin"
                + " 8h; 0 14 * * * UTC 1h, next from 2026-11-24T14:00:00Z");
    assertThat(limits("repair-windows", "0 12 * * * UTC 1h").closed(NOW)).isEmpty();
    assertThat(limits("max-actions", "0/24h").closed(NOW))
        .contains("heartbeat.nexus.io/max-actions: no act is allowed");
  }

  @Example
  void whatCannotBeReadIsClosedAndSaysWhatWouldBeRight() {
    for (var wrong :
        List.of(
            List.of("max-actions", "two a day", "right would be such as 2/24h, with at most 20"),
            List.of("max-actions", "21/24h", "with at most 20 acts"),
            List.of("cooldown", "half an hour", "is not a duration"),
            List.of("repair-windows", "", "is no window"),
            List.of("repair-windows", "0 22 * * * 8h", "0 22 * * * Europe/Berlin 8h"),
            List.of("repair-windows", "0 25 * * * UTC 8h", "hour '25' is not of 0 to 23"),
            List.of("repair-windows", "0 22 * * * Berlin 8h", "'Berlin' is no time zone"),
            List.of("acts", "yesterday", "not the times that Heartbeat wrote there"))) {
      assertThat(limits(wrong.get(0), wrong.get(1)).closed(NOW))
          .as(wrong.toString())
          .hasValueSatisfying(
              why ->
                  assertThat(why)
                      .startsWith("heartbeat.nexus.io/" + wrong.get(0) + ": ")
                      .contains(wrong.get(2)));
    }
  }

  /** Whatever monitors ask, and by whichever clock: the history is what they all go by. */
  @Property(tries = 300)
  void noWindowHoldsMoreActsThanTheOwnerAllows(
      @ForAll @Size(min = 1, max = 100) List<@IntRange(min = 0, max = 2_000) Integer> waits,
      @ForAll @IntRange(min = 0, max = OwnerLimits.MOST_ACTS) int most,
      @ForAll @IntRange(min = 60, max = 86_400) int window) {
    var history = "";
    var done = new ArrayList<Instant>();
    var now = NOW;
    for (var wait : waits) {
      now = now.plusSeconds(wait);
      if (limits("max-actions", most + "/" + window / 60 + "m", "acts", history)
          .closed(now)
          .isEmpty()) {
        history = OwnerLimits.recorded(history, now);
        done.add(now);
      }
    }
    var per = Duration.ofMinutes(window / 60);
    for (var first : done) {
      assertThat(done)
          .filteredOn(at -> !at.isBefore(first) && at.isBefore(first.plus(per)))
          .hasSizeLessThanOrEqualTo(most);
    }
    assertThat(history.length()).isLessThan(25 * OwnerLimits.MOST_ACTS);
  }
}
