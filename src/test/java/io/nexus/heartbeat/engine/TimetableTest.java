package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TimetableTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  @Property
  void checksAreDueOnTheTimetableHoweverLongOneTook(
      @ForAll @LongRange(min = -1_000_000_000_000L, max = 1_000_000_000_000L) long start,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long passed) {
    var timetable = Timetable.starting(start, INTERVAL, "nexus/nexus/gateway");
    var next = timetable.nextAfter(start + passed);
    assertThat(next).isGreaterThan(start + passed - 1);
    assertThat(next - (start + passed)).isLessThanOrEqualTo(INTERVAL.toNanos());
    assertThat(Math.floorMod(next - timetable.first(), INTERVAL.toNanos())).isZero();
  }

  @Test
  void phasesOfNamesThatAreAlikeAreSpreadOverTheWholeInterval() {
    var perSecond = new int[10];
    IntStream.range(0, 1000)
        .mapToLong(i -> Timetable.phase("nexus/nexus/target-" + i, INTERVAL))
        .forEach(phase -> perSecond[(int) (phase / 1_000_000_000L)]++);
    assertThat(IntStream.of(perSecond).boxed()).allMatch(count -> count > 50 && count < 200);
  }
}
