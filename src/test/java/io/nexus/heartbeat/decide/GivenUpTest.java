package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a plan is called that follows one which was given up. */
class GivenUpTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void thePlanAfterOneThatWasCalledOffHasAnIdAndANumberOfItsOwn() {
    var world = planned(World.restart());
    var first = plan(world);

    // Called off: its number is on the workload, so that whoever has not heard finds it taken.
    givenUp(world);
    world.gateway(World.steady(first.sequence(), null));
    var second = plannedAgain(world);

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.sequence()).isGreaterThan(first.sequence());
    assertThat(world.repair().attempts()).as("nothing was done before").isEqualTo(1);
  }

  @Test
  void aMarkOfThePlanThatWasGivenUpIsNotTakenForTheNextOnes() {
    var world = planned(World.restart());
    var first = plan(world);
    givenUp(world);
    world.gateway(World.steady(first.sequence(), null));
    var second = plannedAgain(world);

    world.gateway(World.steady(first.sequence(), first.id()));
    assertThat(world.after(SOON).down("gateway").decide().due())
        .as("still to be done")
        .extracting(due -> due.plan().id())
        .containsExactly(second.id());
  }

  /** No workload keeps its number: only the same key tells the receiver that it is one. */
  @Test
  void aRequestThatWasGivenUpUnsentIsAskedForUnderTheSameKey() {
    var world = planned(webhook());
    var first = plan(world);
    givenUp(world);
    assertThat(plannedAgain(world).id()).isEqualTo(first.id());
  }

  @Test
  void aRequestThatMayHaveBeenHeardIsNeverAskedForUnderTheSameKeyByTheNextAttempt() {
    var world = planned(webhook());
    var first = plan(world);
    world.after(SOON).decide(Map.of(first.id(), new ActResult.NotYet("timed out")));
    givenUp(world);
    world.recovery = auto();
    world.after(Recovery.DEFAULT.cooldown()).down("gateway").decide();
    assertThat(plan(world).id()).isNotEqualTo(first.id());
    assertThat(world.repair().attempts()).isEqualTo(2);
  }

  private static World planned(Rung rung) {
    var world = new World(World.target("gateway", rung));
    world.looking =
        look ->
            look.action().subject().kind().equals("Webhook")
                ? new Facts.Found("", null, 0, null, new Effect.Complete(""), null, "", List.of())
                : world.facts.getOrDefault(look.action().subject(), new Facts.Missing());
    world.up("gateway").decide();
    world.after(SOON).down("gateway");
    assertThat(world.decide().due()).hasSize(1);
    return world;
  }

  private static void givenUp(World world) {
    world.recovery = new Recovery(Mode.Disabled, null, null, null, null);
    world.after(SOON).decide();
    assertThat(world.repair().plan()).isNull();
  }

  private static Plan plannedAgain(World world) {
    world.recovery = auto();
    world.after(SOON).down("gateway").decide();
    return plan(world);
  }

  private static Recovery auto() {
    return new Recovery(Mode.Auto, null, null, null, null);
  }

  private static Plan plan(World world) {
    assertThat(world.repair().plan()).as(world.repair().message()).isNotNull();
    return world.repair().plan();
  }

  private static Rung webhook() {
    return ARung.of(new Webhook("http://repairs/now", null, null, null)).build();
  }
}
