package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nexus.heartbeat.api.RepairPhase;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FlappingTest {
  private static final Duration SOON = Duration.ofSeconds(1);

  @Test
  void theNewestChangeWeighsMostAndTheOldestLeast() {
    assertThat(Flapping.percent("HHHHHHHHHHHHHHHHHHHC")).isCloseTo(100 * 1.25 / 19, within(1e-9));
    assertThat(Flapping.percent("CHHHHHHHHHHHHHHHHHHH")).isCloseTo(100 * 0.75 / 19, within(1e-9));
    assertThat(Flapping.percent("HCHCHCHCHCHCHCHCHCHC")).isCloseTo(100, within(1e-9));
    assertThat(Flapping.percent("HC")).isCloseTo(100 * 1.25 / 19, within(1e-9));
    assertThat(Flapping.percent("")).isZero();
  }

  @Test
  void whatComesAndGoesIsNotRepairedUntilItStaysAsItIs() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    for (var i = 0; i < 2; i++) {
      world.after(SOON).up("gateway").after(SOON).down("gateway");
    }
    assertThat(world.decide().due()).hasSize(1); // two outages are not yet a habit

    world = new World(target("gateway", restart()));
    world.up("gateway");
    for (var i = 0; i < 4; i++) {
      world.after(SOON).up("gateway").after(SOON).down("gateway");
    }
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    assertThat(world.repair().message())
        .isEqualTo(
            "flapping: gateway changes too often: weighted 43 % of the last 20 checks; repair"
                + " waits until it is less than 20 %");
    assertThat(world.status.targets().getFirst().flapping()).isTrue();

    var looks = 0;
    while (world.after(SOON).down("gateway").decide().due().isEmpty()) {
      looks++;
      assertThat(looks).isLessThan(Assessment.MEMORY);
    }
    assertThat(world.status.targets().getFirst().flapping()).isNull();
  }

  @Test
  void aTargetThatWasRepairedTwiceInTwentyChecksDoesNotFlap() {
    assertThat(Flapping.percent("HHHCCCHHHHHHCCCHHHHC")).isLessThan(Flapping.HIGH);
  }

  @Provide
  Arbitrary<List<Boolean>> histories() {
    return Arbitraries.of(true, false).list().ofMinSize(1).ofMaxSize(60);
  }

  @Property(tries = 300)
  void itBeginsAtTheHighThresholdEndsBelowTheLowOneAndIsTheSameInTheNextProcess(
      @ForAll("histories") List<Boolean> history) {
    var world = new World(target("gateway"));
    var before = false;
    for (var well : history) {
      world.after(SOON);
      var _ = well ? world.up("gateway") : world.down("gateway");
      var known = world.assessments.get("gateway");
      var percent = Flapping.percent(known.recent());
      assertThat(percent).isBetween(0.0, 100.0 + 1e-9);
      assertThat(known.flapping())
          .isEqualTo(before ? percent >= Flapping.LOW : percent >= Flapping.HIGH);
      before = known.flapping();

      var decision = world.decide();
      assertThat(decision.status().targets().getFirst().flapping()).isEqualTo(before ? true : null);
      world.restarted();
      assertThat(world.assessments.get("gateway").flapping()).isEqualTo(before);
    }
  }

  @Property(tries = 100)
  void whatStaysAsItIsDoesNotFlap(@ForAll("histories") List<Boolean> history) {
    var recent = new StringBuilder();
    history.forEach(well -> recent.append(well ? 'H' : 'C'));
    var steady = recent.append("C".repeat(Assessment.MEMORY)).toString();
    assertThat(Flapping.next(true, steady.substring(steady.length() - Assessment.MEMORY)))
        .isFalse();
  }

  @Test
  void theTurnThatChangesItIsWritten() {
    var world = new World(target("gateway"));
    world.up("gateway").decide();
    var stored = world.status;
    for (var i = 0; i < 4; i++) {
      world.after(SOON).down("gateway").after(SOON).up("gateway");
    }
    assertThat(Decision.of(world.situation(java.util.Map.of())).isNews(stored)).isTrue();
  }
}
