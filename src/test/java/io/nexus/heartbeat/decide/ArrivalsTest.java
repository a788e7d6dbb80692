package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.MonitorState.Pushed;
import io.nexus.heartbeat.api.PushTarget;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.decide.Signal.End;
import io.nexus.heartbeat.decide.Signal.Start;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");
  private static final End WELL = new End(true, null);
  private static final PushTarget DAILY =
      new PushTarget(
          Duration.ofHours(24),
          Duration.ofHours(1),
          new ValueFrom(new SecretKeyRef("push", "backup")));

  @Test
  void whatNeverArrivedIsUnknownUntilItIsTooLate() {
    var awaited = Arrivals.awaited("backup", START);
    assertThat(words(awaited, hours(25)))
        .isEqualTo(
            "Unknown: nothing has arrived yet; the first is awaited until 2026-11-25T04:00:00Z");
    assertThat(words(awaited, hours(25).plusMillis(1)))
        .isEqualTo(
            "Down: nothing has ever arrived, awaited since 2026-11-24T03:00:00Z, and should every 1 d with 1 h of grace");
  }

  @Test
  void itIsLateAtTheBoundaryOfEveryAndGraceAndNotBefore() {
    var ended = heard(Arrivals.awaited("backup", START), WELL, 2);
    assertThat(words(ended, hours(27))).isEqualTo("Up");
    assertThat(words(ended, hours(27).plusMillis(1)))
        .isEqualTo(
            "Down: late: it last ended at 2026-11-24T05:00:00Z, and should every 1 d with 1 h of grace");
  }

  @Test
  void aFailureLastsUntilAnEndThatIsWell() {
    var failed = heard(Arrivals.awaited("backup", START), new End(false, 137), 1);
    assertThat(words(failed, hours(2)))
        .isEqualTo("Down: it ended with exit code 137 at 2026-11-24T04:00:00Z");
    var again = heard(failed, new Start(), 3);
    assertThat(words(again, hours(4)))
        .isEqualTo(
            "Down: it ended with exit code 137 at 2026-11-24T04:00:00Z; started at 2026-11-24T06:00:00Z and not ended");
    assertThat(words(heard(again, WELL, 5), hours(5))).isEqualTo("Up");
    assertThat(words(heard(again, new End(false, null), 5), hours(6)))
        .isEqualTo("Down: it reported a failure at 2026-11-24T08:00:00Z");
  }

  @Test
  void theTimeBetweenStartAndEndIsMeasuredAndAStartAloneIsNoEnd() {
    var running = heard(heard(Arrivals.awaited("backup", START), WELL, 0), new Start(), 24);
    assertThat(words(running, hours(24).plus(Duration.ofMinutes(5))))
        .isEqualTo("Up: running since 2026-11-25T03:00:00Z");
    assertThat(words(running, hours(26)))
        .isEqualTo(
            "Down: late: it last ended at 2026-11-24T03:00:00Z, and should every 1 d with 1 h of grace;"
                + " started at 2026-11-25T03:00:00Z and not ended");
    var reading = Arrivals.judged(DAILY, heard(running, WELL, 26), START.plus(hours(27)));
    assertThat(((Reading.Up) reading).measurements().numbers())
        .containsEntry("duration", 7200.0)
        .containsEntry("age", 3600.0);
  }

  @Test
  void ofAnEndWithoutAStartItIsSaidWhyThereIsNoDuration() {
    var reading =
        Arrivals.judged(DAILY, heard(Arrivals.awaited("b", START), WELL, 1), START.plus(hours(2)));
    assertThat(((Reading.Up) reading).measurements().absent())
        .containsEntry("duration", "it did not say when it started");
  }

  @Test
  void timeInWhichNobodyListenedIsAllowedForOnce() {
    var ended = heard(Arrivals.awaited("backup", START), WELL, 0);
    var back = START.plus(hours(30));
    var heardUntilTen = Arrivals.listened(ended, START, START.plus(hours(10)));
    var returned = Arrivals.listened(heardUntilTen, back, back.plus(hours(1)));
    var stillThere = Arrivals.listened(returned, back, back.plus(hours(2)));
    assertThat(stillThere.away()).isEqualTo(hours(20));
    assertThat(words(stillThere, hours(45))).isEqualTo("Up");
    assertThat(words(stillThere, hours(46)))
        .isEqualTo(
            "Down: late: it last ended at 2026-11-24T03:00:00Z, and should every 1 d with 1 h of grace (and 20 h"
                + " in which Heartbeat was away)");
    assertThat(heard(stillThere, WELL, 50).away()).isZero();
  }

  @Test
  void aDecisionCarriesWhatWasHeardAndForgetsWhatIsNoLongerDeclared() {
    var world = new World();
    world.targets = List.of(io.nexus.heartbeat.api.ATarget.of("backup", DAILY).build());
    var first = world.decide().status().state().pushes();
    assertThat(first).singleElement().satisfies(it -> assertThat(it.endedAt()).isNull());
    world.after(Duration.ofHours(1)).decide();
    var carried = world.status.state().pushes().getFirst();
    assertThat(carried.awaitedSince()).isEqualTo(first.getFirst().awaitedSince());
    assertThat(carried.heardUntil()).isEqualTo(world.now);
    world.targets = List.of(io.nexus.heartbeat.api.ATarget.named("gateway").build());
    assertThat(world.decide().status().state().pushes()).isEmpty();
  }

  private static Pushed heard(Pushed before, Signal signal, int hour) {
    return Arrivals.with(List.of(before), before, signal, START.plus(hours(hour))).getFirst();
  }

  private static String words(Pushed pushed, Duration after) {
    return switch (Arrivals.judged(DAILY, pushed, START.plus(after))) {
      case Reading.Up up -> {
        var note = up.measurements().words().get("note");
        yield note == null ? "Up" : "Up: " + note;
      }
      case Reading.Down down -> "Down: " + down.cause();
      case Reading.Unknown unknown -> "Unknown: " + unknown.why();
      case Reading other -> other.toString();
    };
  }

  private static Duration hours(int count) {
    return Duration.ofHours(count);
  }
}
