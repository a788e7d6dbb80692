package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.ActionRecord.Outcome;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Acts that whoever is to do them refuses, or cannot do. */
class RefusalTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final WorkloadRef OTHER = new WorkloadRef(WorkloadRef.Kind.Deployment, "other");
  private static final Webhook WEBHOOK =
      new Webhook("http://repairs/restart", null, null, Duration.ofSeconds(10));

  private World world = new World();

  @Test
  void refusalsSpendNeitherAttemptNorBudgetAndWaitLongerEachTime() {
    planned(restarting());
    refused();
    assertThat(world.repair().attempts()).isZero();
    assertThat(world.status.state().acts()).isEmpty();
    assertThat(isPlannedAfter(SOON)).isFalse();
    assertThat(isPlannedAfter(Phases.AFTER_A_REFUSAL)).isTrue();

    refused();
    assertThat(isPlannedAfter(Phases.AFTER_A_REFUSAL)).isFalse();
    assertThat(isPlannedAfter(Phases.AFTER_A_REFUSAL)).isTrue();
  }

  @Test
  void aRungThatIsRefusedTimeAndAgainIsPassedByForTheNext() {
    world.facts.put(OTHER.subject(), World.steady(0, null));
    planned(restarting(), ARung.restarting(OTHER).build());
    refusedForGood();
    assertThat(stories())
        .anyMatch(
            it ->
                it.startsWith("passed by, restart Deployment/gateway: refused 3 times:")
                    && it.endsWith("denied by policy no-restarts"));

    world.after(SOON).down("gateway").decide();
    assertThat(plan().subject()).isEqualTo(OTHER.subject());
    assertThat(world.repair().refused()).isZero();
  }

  @Test
  void aLadderThatIsRefusedWholeEndsAndSaysWhy() {
    planned(restarting());
    refusedForGood();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Exhausted);
    assertThat(world.repair().message())
        .contains("denied by policy no-restarts")
        .endsWith("a person has to look");
    assertThat(world.after(Duration.ofHours(1)).down("gateway").decide().due()).isEmpty();
  }

  @Test
  void refusalsWithAnotherGateBetweenThemAreNotInARow() {
    planned(restarting());
    refused();
    world.gateway(World.found(null, 0, null, "a rollout"));
    world.after(Phases.AFTER_A_REFUSAL).down("gateway").decide();
    assertThat(world.repair().message()).startsWith("being changed by somebody else");
    assertThat(world.repair().refused()).isZero();
  }

  @Test
  void whatCannotBeDoneInTimeIsARefusalToo() {
    planned(restarting());
    world.decide(Map.of(plan().id(), new ActResult.NotYet("the API server answered 500")));
    assertThat(world.repair().message()).contains("tried, and tried again", "answered 500");
    world.after(Planning.TO_ACT).down("gateway").decide();
    assertThat(world.repair().refused()).isEqualTo(1);
    assertThat(world.repair().message())
        .isEqualTo("refused: not done within 2 min: the API server answered 500");
    assertThat(world.repair().attempts()).isZero();
  }

  @Test
  void aWebhookThatMayHaveHeardSpendsItsAttemptWhenItDidNotAnswerInTime() {
    asked();
    world.after(Planning.TO_ACT).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Waiting);
    assertThat(world.repair().attempts()).isEqualTo(1);
    assertThat(world.status.state().acts()).hasSize(1);
    assertThat(last()).isEqualTo(Outcome.DidNotHelp);
  }

  @Test
  void anActOfWhichALaterOneLeftNoTraceIsSpent() {
    planned(restarting());
    world.gateway(World.steady(plan().sequence() + 1, "of-another-monitor"));
    world.after(SOON).down("gateway").decide();
    assertThat(world.repair().attempts()).isEqualTo(1);
    assertThat(world.status.state().acts()).hasSize(1);
    assertThat(stories().getLast()).contains("whether it was done cannot be told");
  }

  @Test
  void anActThatAnotherCameBeforeIsNotSpent() {
    planned(restarting());
    world.gateway(World.steady(plan().sequence(), "of-another-monitor"));
    world.decide(Map.of(plan().id(), new ActResult.Refused("a later act was done")));
    assertThat(world.repair().attempts()).isZero();
    assertThat(world.status.state().acts()).isEmpty();
  }

  @Test
  void aWebhookThatMayHaveHeardIsNotGivenBackWhenTheTargetRecovers() {
    asked();
    world.after(SOON).up("gateway").decide();
    assertThat(world.status.state().acts()).hasSize(1);
  }

  @Test
  void anEvictionThatIsNeverAllowedIsNotDoneAndSaysSo() {
    planned(ARung.evicting(World.GATEWAY).build());
    begun(false);
    world.decide(Map.of(plan().id(), new ActResult.NotYet("pod gateway-1: PodDisruptionBudget")));
    world.after(Planning.TO_ACT).down("gateway");
    world.decide(Map.of(plan().id(), new ActResult.Refused("its time is over")));
    assertThat(stories().getLast())
        .contains("was not done: its time is over; pod gateway-1: PodDisruptionBudget");
    assertThat(last()).isEqualTo(Outcome.NotDone);
    assertThat(world.status.actions().getLast().doneAt()).isNull();
  }

  @Test
  void anEvictionOfSomeOfItsPodsWasDone() {
    planned(ARung.evicting(World.GATEWAY).build());
    begun(true);
    world.after(Planning.TO_ACT).down("gateway");
    world.decide(Map.of(plan().id(), new ActResult.Refused("its time is over")));
    assertThat(stories().getLast()).contains("did not help: its time is over");
    assertThat(last()).isEqualTo(Outcome.DidNotHelp);
  }

  /** The mark stands, and pods are still to be evicted. */
  private void begun(boolean touched) {
    var plan = plan();
    world.gateway(
        new Facts.Found(
            "uid-1",
            null,
            plan.sequence(),
            plan.id(),
            new Effect.Unfinished("pod gateway-1 is still to be evicted", touched),
            null,
            "",
            List.of()));
    world.after(SOON).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Executing);
  }

  /** A webhook was called, and nothing is known of it. */
  private void asked() {
    world.facts.put(
        WEBHOOK.subject(),
        new Facts.Found("", null, 0, null, new Effect.Complete("took it"), null, "", List.of()));
    planned(ARung.of(WEBHOOK).build());
    world.decide(Map.of(plan().id(), new ActResult.NotYet("timed out")));
  }

  private void planned(Rung... ladder) {
    var facts = world.facts;
    world = new World(target("gateway", ladder));
    world.facts.putAll(facts);
    world.up("gateway").decide();
    assertThat(world.after(SOON).down("gateway").decide().due()).hasSize(1);
  }

  private void refused() {
    world.decide(Map.of(plan().id(), new ActResult.Refused("denied by policy no-restarts")));
  }

  private void refusedForGood() {
    for (var times = 1; times < Phases.MOST_REFUSALS; times++) {
      refused();
      assertThat(isPlannedAfter(Phases.AFTER_A_REFUSAL.multipliedBy(times))).isTrue();
    }
    refused();
  }

  private boolean isPlannedAfter(Duration time) {
    return !world.after(time).down("gateway").decide().due().isEmpty();
  }

  private Plan plan() {
    return Objects.requireNonNull(world.repair().plan());
  }

  private Outcome last() {
    return world.status.actions().getLast().outcome();
  }

  private List<String> stories() {
    return world.incident().story().stream().map(Happening::text).toList();
  }

  private static Rung restarting() {
    return ARung.restarting(World.GATEWAY).build();
  }
}
