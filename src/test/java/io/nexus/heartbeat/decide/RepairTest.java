package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was planned is judged again until it is done, and what was done until it is proven. */
class RepairTest {
  private static final Duration SOON = Duration.ofSeconds(1);

  /** A restart is written down, and not yet done. */
  private static World planned() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.after(SOON).down("gateway");
    assertThat(world.decide().due()).hasSize(1);
    return world;
  }

  /** A restart is done and rolled out, and has yet to be proven. */
  private static World verifying() {
    var world = planned();
    world.acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    world.rolledOut().after(SOON).decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Verifying);
    return world;
  }

  @Test
  void aPlanIsCalledOffWhenAPersonDisablesRecoveryAndSpendsNothing() {
    var world = planned();
    world.recovery = new Recovery(Mode.Disabled, null, null, null, null);
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    assertThat(world.repair().attempts()).isZero();
    assertThat(world.status.state().acts()).isEmpty();
  }

  @Test
  void aPlanOfAnotherProcessIsNeitherDoneNorCalledOffByWhoSawTheTargetOnlyBefore() {
    var world = planned();
    world.assessments.put(
        "gateway",
        Assessment.NONE.next(
            world.named("gateway"),
            new Observation(World.START, SOON.dividedBy(2), new Reading.Up(Measurements.NONE))));
    assertThat(world.after(SOON).decide().due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Planned);

    assertThat(world.after(SOON).down("gateway").decide().due()).hasSize(1);
    world.after(SOON).up("gateway").decide();
    assertThat(world.status.state().acts()).isEmpty();
  }

  @Test
  void whatAnotherProcessSawHealthyIsArmed() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.assessments.clear();
    assertThat(world.after(SOON).down("gateway").decide().due()).hasSize(1);
  }

  @Test
  void aPlanIsNotCalledOffByPatience() {
    var world = new World(World.patientWith(restart()));
    world.up("t").decide();
    world.after(SOON).down("t").after(SOON).down("t");
    assertThat(world.decide().due()).hasSize(1);

    // Another process, which has seen but one of the two failures.
    world.assessments.put("t", Assessment.NONE);
    world.after(SOON).up("t").after(SOON).down("t");
    assertThat(world.assessments.get("t").level()).isEqualTo(Level.Healthy);
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Planned);
    assertThat(world.after(SOON).down("t").decide().due()).hasSize(1);
  }

  @Test
  void aPlanIsCalledOffWhenItCanNoLongerBeToldHowTheTargetIs() {
    var world = planned();
    world.after(SOON).reads("gateway", new Reading.Unknown("no Secret"));
    assertThat(world.assessments.get("gateway").level()).isEqualTo(Level.Unknown);
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().message()).isEqualTo("until it is known how gateway is");
  }

  @Test
  void aPlanIsCalledOffWhenTheLadderNamesAnotherWorkload() {
    var world = planned();
    var other = new WorkloadRef(WorkloadRef.Kind.Deployment, "other");
    world.facts.put(other.subject(), World.steady(0, null));
    world.edited(target("gateway", ARung.restarting(other).build()));
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.after(SOON).down("gateway").decide().due()).isEmpty();
    assertThat(world.decide().due())
        .extracting(due -> due.plan().subject())
        .containsExactly(other.subject());
  }

  @Test
  void aPlanIsCalledOffWhenItsWorkloadIsGone() {
    var world = planned();
    world.gateway(new Facts.Missing());
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().message()).startsWith("not found");
  }

  @Test
  void aPlanOfAProcessThatDiedIsDoneOnlyAfterALook() {
    var world = planned();
    assertThat(world.restarted().after(SOON).decide().due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Planned);
    assertThat(world.after(SOON).down("gateway").decide().due()).hasSize(1);
  }

  @Test
  void whatCannotBeSeenToBeUndoneSpendsItsAttempt() {
    var world = planned();
    world.gateway(new Facts.Unreadable("timed out"));
    world.after(Planning.TO_ACT).down("gateway").decide();
    assertThat(world.repair().attempts()).isEqualTo(1);
    assertThat(world.status.state().acts()).hasSize(1);
    assertThat(kinds(world)).contains(Kind.RepairFailed);
  }

  @Test
  void aGateThatIsClosedAfterAnAttemptIsToldOnceAndNotAtEachCheck() {
    var world = verifying();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    world.gateway(World.found(null, 1, null, "paused"));
    for (var i = 0; i < 5; i++) {
      world.after(SOON).down("gateway").decide();
      world.after(SOON).decide();
      world.after(SOON).decide();
      assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    }
    assertThat(kinds(world).stream().filter(Kind.Blocked::equals)).hasSize(1);
  }

  @Test
  void aWorkloadThatReplacesNoPodByItselfIsNotRestarted() {
    var world = new World(target("gateway", restart()));
    world.gateway(
        new Facts.Found(
            "u",
            null,
            0,
            null,
            new Facts.Effect.Complete("rolled out"),
            Facts.Obstacle.passing("cannot be restarted", "Deployment/gateway: OnDelete"),
            "",
            List.of()));
    world.up("gateway").decide();
    assertThat(world.after(SOON).down("gateway").decide().due()).isEmpty();
    assertThat(world.repair().message())
        .isEqualTo("cannot be restarted: Deployment/gateway: OnDelete");
  }

  @Test
  void aRepairIsNotCalledFailedBecauseNobodyLooked() {
    var world = verifying();
    world.after(Duration.ofMinutes(10)).restarted().decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Verifying);

    world.after(SOON).up("gateway").decide();
    world.after(SOON).up("gateway").decide();
    assertThat(kinds(world)).contains(Kind.RepairHelped).doesNotContain(Kind.RepairFailed);
  }

  @Test
  void aSlowTimetableProvesARepairToo() {
    var world = verifying();
    world.after(Duration.ofMinutes(4)).up("gateway").decide();
    world.after(Duration.ofMinutes(4)).decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Verifying);
    world.up("gateway").decide();
    assertThat(kinds(world)).contains(Kind.RepairHelped);
  }

  @Test
  void theTimeToProveIsCountedFromTheCompleteRollout() {
    var world = planned();
    world.acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Executing);

    world.rolledOut().after(SOON).decide();
    world.after(Duration.ofMinutes(4)).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Verifying);
  }

  @Test
  void theNextAttemptWaitsForACheckBegunAfterTheLast() {
    var world = planned();
    world.recovery = new Recovery(Mode.Auto, null, SOON, 3, null);
    world.acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    world.after(SOON).down("gateway").after(Action.ROLLOUT).decide();
    assertThat(kinds(world)).contains(Kind.RepairFailed);

    world.rolledOut();
    assertThat(world.after(SOON).decide().due()).isEmpty();
    assertThat(world.repair().message()).isEqualTo("for a check begun after the last attempt");
    assertThat(world.after(SOON).down("gateway").decide().due()).hasSize(1);
  }

  @Test
  void theCooldownCountsFromWhenTheActWasSeenDone() {
    var world = planned();
    world.after(Duration.ofSeconds(100)).acts(Decision.of(world.situation(Map.of()))).decide();
    assertThat(world.status.state().acts().getFirst().at()).isEqualTo(world.now);
  }

  @Test
  void aShortenedLadderIsNotToldAgainAndAgain() {
    var world =
        new World(target("gateway", restart(), ARung.telling().after(Duration.ofHours(1)).build()));
    world.recovery = new Recovery(Mode.Auto, null, null, 1, null);
    world.up("gateway").decide();
    world.after(SOON).down("gateway");
    world.acts(world.decide()).after(SOON).decide();
    world.rolledOut().after(SOON).decide();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    assertThat(world.repair().rung()).isEqualTo(1);

    world.edited(target("gateway", restart()));
    for (var i = 0; i < 5; i++) {
      world.after(SOON).down("gateway").decide();
    }
    assertThat(kinds(world)).containsOnlyOnce(Kind.Exhausted);
  }

  @Test
  void aLadderThatOnlyTellsIsNotExhaustedAndMayGrow() {
    var notify = ARung.telling().build();
    var world = new World(target("gateway", notify));
    world.up("gateway").decide();
    world.after(SOON).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Told);
    assertThat(world.status.summary().recovery()).isEmpty();

    world.edited(target("gateway", notify, restart())).after(SOON).down("gateway").decide();
    assertThat(world.decide().due()).hasSize(1);
  }

  @Test
  void aLadderOfWhichNothingCanHelpIsExhaustedThoughItEndsWithANotify() {
    var world = new World(target("gateway", restart(), ARung.telling().build()));
    world.up("gateway").decide();
    world.looking =
        _ ->
            new Facts.Found(
                "uid-1",
                null,
                0,
                null,
                new Effect.Complete(""),
                Obstacle.lasting("owned by somebody else", "argocd"),
                "",
                List.of());
    for (var i = 0; i < 10; i++) {
      world.after(Duration.ofMinutes(1)).down("gateway").decide();
    }
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Exhausted);
    assertThat(world.incident().story()).filteredOn(it -> it.kind() == Kind.Notify).hasSize(1);
  }

  @Test
  void whatWasBegunIsNotFinishedWhileItIsPaused() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    var plan = world.after(Duration.ofMinutes(1)).down("gateway").decide().due().getFirst().plan();
    world.looking =
        _ ->
            new Facts.Found(
                "uid-1",
                null,
                plan.sequence(),
                plan.id(),
                new Effect.Unfinished("pod gateway-1 is still to be evicted", false),
                null,
                "",
                List.of());
    world.after(Duration.ofSeconds(1)).decide();
    assertThat(world.decide().due()).as("it is finished").hasSize(1);

    world.orders.put(Order.Pause, "by=me");
    assertThat(world.after(Duration.ofSeconds(1)).decide().due()).isEmpty();
    world.orders.put(Order.Resume, "by=me");
    assertThat(world.after(Duration.ofSeconds(1)).decide().due()).hasSize(1);
  }

  @Test
  void actsAreRememberedAsLongAsBudgetOrCooldownAskAndNeverMore() {
    var world = new World(target("gateway", restart()));
    world.recovery = new Recovery(Mode.Auto, null, Duration.ofHours(72), 3, null);
    world.up("gateway").decide();
    world.after(SOON).down("gateway");
    world.acts(world.decide()).after(SOON).decide();
    world.rolledOut().after(SOON).decide();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    assertThat(world.after(Duration.ofHours(70)).down("gateway").decide().due()).isEmpty();
    assertThat(world.after(Duration.ofHours(3)).down("gateway").decide().due()).hasSize(1);
    assertThat(world.status.state().acts()).hasSize(1);
  }

  @Test
  void whatComesAndGoesWhileNobodyCanBeToldIsBounded() {
    var world = new World(target("gateway"), target("redis"));
    world.recovery = new Recovery(Mode.Auto, new Budget(5, Duration.ofHours(1)), null, 3, null);
    world.up("gateway").up("redis").decide();
    for (var i = 0; i < 300; i++) {
      world.after(Duration.ofMinutes(4)).down("gateway").down("redis").decide();
      world.after(SOON).up("gateway").up("redis").decide();
    }
    assertThat(world.status.state().incidents()).hasSize(2);
  }

  private static java.util.List<Kind> kinds(World world) {
    return world.incident().story().stream().map(Happening::kind).toList();
  }
}
