package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.GATEWAY;
import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionTest {

  /** Healthy once, then down: nothing stands between the gateway and its restart. */
  private static World downGateway() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.after(Duration.ofMinutes(1)).down("gateway");
    return world;
  }

  @Test
  void aRestartIsWrittenDownWithEverythingItNeedsBeforeItIsDone() {
    var decision = downGateway().decide();

    assertThat(decision.due()).hasSize(1);
    var plan = decision.due().getFirst().plan();
    assertThat(plan.subject()).isEqualTo(GATEWAY.subject());
    assertThat(plan.uid()).isEqualTo("uid-1");
    assertThat(plan.sequence()).isEqualTo(1);
    assertThat(decision.status().state().acts()).hasSize(1);
    assertThat(decision.status().state().incidents().getFirst().repair().plan()).isEqualTo(plan);
  }

  @Test
  void aRepairIsProvenByFreshChecksAfterItsRolloutAndThenTheIncidentIsOver() {
    var world = downGateway();
    world.acts(world.decide());
    world.after(Duration.ofSeconds(2)).decide();
    assertThat(world.incident().repair().phase()).isEqualTo(RepairPhase.Executing);

    world.up("gateway").after(Duration.ofSeconds(1)).rolledOut().decide();
    assertThat(world.incident().repair().phase()).isEqualTo(RepairPhase.Verifying);

    world.after(Duration.ofSeconds(1)).up("gateway").decide();
    assertThat(world.incident().resolvedAt()).isNull();

    var proven = world.after(Duration.ofSeconds(1)).up("gateway").decide();
    assertThat(world.incident().resolvedAt()).isEqualTo(world.now);
    assertThat(kinds(proven)).containsExactly(Kind.Opened, Kind.RepairHelped, Kind.Resolved);
  }

  @Test
  void aTargetNeverYetHealthyIsNotRepaired() {
    var world = new World(target("gateway", restart()));
    assertThat(world.down("gateway").decide().due()).isEmpty();
    assertThat(blockedBy(world)).startsWith("not armed: gateway was never healthy");
  }

  @Test
  void eachClosedGateIsNamed() {
    var world = downGateway();
    world.gateway(World.found("kubectl label …", 0, null, null));
    assertThat(world.decide().due()).isEmpty();
    assertThat(blockedBy(world)).isEqualTo("not released for repair: kubectl label …");

    world.gateway(World.found(null, 0, null, "paused"));
    assertThat(world.decide().due()).isEmpty();
    assertThat(blockedBy(world)).isEqualTo("being changed by somebody else: paused");

    world.gateway(new Facts.Missing());
    assertThat(world.decide().due()).isEmpty();
    assertThat(blockedBy(world)).isEqualTo("not found: there is no Deployment/gateway in nexus");

    world.gateway(new Facts.Unreadable("403"));
    assertThat(world.decide().due()).isEmpty();
    assertThat(blockedBy(world)).isEqualTo("not readable: 403");

    world.gateway(World.steady(0, null));
    world.recovery = new Recovery(Mode.Disabled, null, null, null, null);
    assertThat(world.decide().due()).isEmpty();
    assertThat(blockedBy(world)).startsWith("recovery is disabled");

    world.recovery = new Recovery(Mode.DryRun, null, null, null, null);
    assertThat(world.decide().due()).isEmpty();
    assertThat(blockedBy(world)).isEqualTo("dry run: would restart Deployment/gateway now");

    world.recovery = Recovery.DEFAULT;
    assertThat(world.decide().due()).hasSize(1);
  }

  @Test
  void aTargetThatIsStartingIsLeftAlone() {
    var rung = ARung.restarting(GATEWAY).at(Level.Degraded).build();
    var world = new World(target("gateway", rung));
    world.up("gateway").decide();
    world.reads("gateway", new Reading.Impaired("loading", Measurements.NONE, true));
    assertThat(world.decide().due()).isEmpty();
    assertThat(blockedBy(world)).startsWith("starting up");
  }

  @Test
  void aRestartThatDidNotHelpIsTriedAgainAfterTheCooldownUntilTheAttemptsAreSpent() {
    var world = downGateway();
    world.recovery = new Recovery(Mode.Auto, new Budget(100, Duration.ofHours(1)), null, 2, null);
    for (var attempt = 1; attempt <= 2; attempt++) {
      world.acts(world.down("gateway").decide());
      world.decide();
      world.rolledOut().decide();
      world.after(Duration.ofMinutes(4)).down("gateway").decide();
      assertThat(world.incident().repair().phase()).isEqualTo(RepairPhase.Verifying);
      world.after(Duration.ofMinutes(1)).decide();
    }
    assertThat(world.incident().repair().phase()).isEqualTo(RepairPhase.Exhausted);
    assertThat(world.incident().story().stream().map(Happening::kind))
        .containsSubsequence(Kind.RepairFailed, Kind.RepairFailed, Kind.Exhausted);
    assertThat(world.after(Duration.ofHours(2)).down("gateway").decide().due()).isEmpty();
  }

  @Test
  void theLastRepairThatDidNotHelpAndThatNoneFollowsAreOneMessage() {
    var world = downGateway();
    world.recovery = new Recovery(Mode.Auto, new Budget(100, Duration.ofHours(1)), null, 1, null);
    var planned = world.down("gateway").decide();
    world.acts(planned).delivered(planned);
    world.decide();
    world.rolledOut().decide();
    world.after(Duration.ofMinutes(5)).down("gateway").decide();
    var told = world.after(Duration.ofMinutes(1)).down("gateway").decide().notices();
    assertThat(told)
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.news().stream().map(Happening::kind))
                    .containsExactly(Kind.RepairFailed, Kind.Exhausted));
  }

  @Test
  void theCooldownHoldsBetweenTwoActs() {
    var world = downGateway();
    world.recovery = new Recovery(Mode.Auto, null, Duration.ofMinutes(10), 3, null);
    world.acts(world.decide()).decide();
    world.rolledOut().decide();
    world.after(Duration.ofMinutes(5)).down("gateway").decide();
    world.decide();
    assertThat(blockedBy(world))
        .isEqualTo("cooldown: 10 min after the last act, until 2026-11-23T10:11:00Z");
    assertThat(world.after(Duration.ofMinutes(5)).decide().due()).hasSize(1);
  }

  @Test
  void theBudgetIsNeverExceededInItsWindow() {
    var world = new World(target("gateway", restart()));
    world.recovery =
        new Recovery(Mode.Auto, new Budget(2, Duration.ofHours(1)), Duration.ofSeconds(1), 3, null);
    world.up("gateway").decide();
    for (var i = 0; i < 2; i++) {
      world.after(Duration.ofMinutes(1)).down("gateway");
      world.acts(world.decide()).decide();
      world.rolledOut().decide();
      world.after(Duration.ofSeconds(5)).up("gateway").after(Duration.ofSeconds(5)).up("gateway");
      world.decide();
      assertThat(world.incident().resolvedAt()).isNotNull();
      for (var check = 0; check < 5; check++) {
        world.up("gateway"); // for long enough that it does not flap
      }
    }
    world.after(Duration.ofMinutes(1)).down("gateway");
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.status.targets().getFirst().repair().message())
        .startsWith("budget: 2 of 2 acts in 1 h are spent");
    assertThat(world.after(Duration.ofHours(1)).decide().due()).hasSize(1);
  }

  @Test
  void whatRecoversByItselfCancelsWhatWasPlannedAndKeepsTheBudget() {
    var world = downGateway();
    world.decide();
    world.up("gateway").decide();
    assertThat(world.incident().resolvedAt()).isNotNull();
    assertThat(world.status.state().acts()).isEmpty();
  }

  @Test
  void aPlanFoundOnTheWorkloadWasDoneByWhoeverDied() {
    var world = downGateway();
    var planned = world.decide();
    world.acts(planned);
    var next = world.decide();
    assertThat(next.due()).isEmpty();
    assertThat(world.incident().repair().phase()).isEqualTo(RepairPhase.Executing);
    assertThat(world.incident().repair().plan()).isEqualTo(planned.due().getFirst().plan());
  }

  @Test
  void aRefusedActTouchedNothingAndSpendsNoBudget() {
    var world = downGateway();
    var plan = world.decide().due().getFirst().plan();
    world.decide(Map.of(plan.id(), new ActResult.Refused("a rollout began")));
    assertThat(blockedBy(world)).isEqualTo("refused: a rollout began");
    assertThat(world.status.state().acts()).isEmpty();
  }

  @Test
  void twoTargetsDoNotRestartTheSameWorkloadTogether() {
    var world = new World(target("gateway", restart()), target("events", restart()));
    world.up("gateway").up("events").decide();
    assertThat(world.down("gateway").down("events").decide().due()).hasSize(1);
  }

  @Test
  void aTargetIsHeldWhileWhatItDependsOnIsNotWell() {
    var world = new World(target("gateway", restart()), target("events", List.of("gateway")));
    world.up("gateway").up("events").decide();
    world.down("gateway").down("events").decide();
    assertThat(world.status.state().incidents()).hasSize(1);
    assertThat(world.status.targets().get(1).message()).contains("held while gateway is not well");

    world.after(Duration.ofSeconds(1)).up("gateway");
    world.after(Duration.ofSeconds(1)).down("events").decide();
    assertThat(world.status.state().incidents())
        .anyMatch(i -> i.target().equals("events") && i.resolvedAt() == null);
  }

  @Test
  void whatCannotBeToldForTooLongIsAnIncidentAndNeverRepaired() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.reads("gateway", new Reading.Unknown("no Secret gateway")).decide();
    assertThat(world.status.state().incidents()).isEmpty();

    var blind = world.after(Duration.ofMinutes(5).plusSeconds(1)).decide();
    assertThat(world.incident().cause()).isEqualTo("cannot tell: no Secret gateway");
    assertThat(world.incident().level()).isEqualTo(Level.Unknown);
    assertThat(blind.due()).isEmpty();
  }

  @Test
  void anOptionalTargetNeverSeenUpIsNoFussAndCountsOnceItWas() {
    var optional = ATarget.named("gpu").optional().build();
    var world = new World(optional, target("gateway"));
    world.up("gateway").down("gpu").decide();
    assertThat(world.status.level()).isEqualTo(Level.Healthy);
    assertThat(world.status.summary().healthy()).isEqualTo("1/1");

    world.up("gpu").decide();
    world.down("gpu").decide();
    assertThat(world.status.level()).isEqualTo(Level.Critical);
  }

  @Test
  void eachReceiverIsToldOnceAndAnIncidentIsKeptUntilAllAre() {
    var world = downGateway();
    world.receivers.add(new Receiver("night", Level.Critical, null, null));
    var opened = world.decide();
    assertThat(opened.notices()).hasSize(2);
    world.delivered(opened);

    var later = world.acts(opened).decide();
    assertThat(later.notices()).isEmpty();
    world.rolledOut().decide();
    world.after(Duration.ofSeconds(1)).up("gateway").after(Duration.ofSeconds(1)).up("gateway");
    var helped = world.decide();
    assertThat(helped.notices()).hasSize(2).allMatch(n -> n.lastMessageId() != null);
    assertThat(kinds(helped)).containsExactly(Kind.RepairHelped);
    assertThat(helped.notices().getFirst().resolvedAt()).isNull();

    var over = world.delivered(helped).decide();
    assertThat(over.notices()).hasSize(2).allMatch(n -> n.resolvedAt() != null);
    assertThat(kinds(over)).containsExactly(Kind.Resolved);
    assertThat(world.status.state().incidents()).hasSize(1);

    world.delivered(over).decide();
    assertThat(world.status.state().incidents()).isEmpty();
  }

  @Test
  void whoWantsOnlyCriticalIsSparedTheRestButToldWhenItGetsThere() {
    var world = new World(target("gateway"));
    world.receivers = List.of(new Receiver("night", Level.Critical, null, null));
    world.up("gateway").decide();
    world.reads("gateway", new Reading.Impaired("slow", Measurements.NONE, false));
    assertThat(world.decide().notices()).isEmpty();
    assertThat(world.down("gateway").decide().notices()).hasSize(1);
  }

  @Test
  void anIncidentOverBeforeAnybodyWasToldIsToldInOneMessage() {
    var world = new World(target("gateway"));
    world.up("gateway").decide();
    world.down("gateway").decide();
    var over = world.after(Duration.ofMinutes(5)).up("gateway").decide();
    assertThat(over.notices()).hasSize(1);
    assertThat(kinds(over)).containsExactly(Kind.Opened, Kind.Resolved);
    assertThat(over.notices().getFirst().resolvedAt()).isEqualTo(world.now);
  }

  @Test
  void aTargetThatIsRemovedClosesItsIncident() {
    var world = downGateway();
    world.targets = List.of(target("other"));
    world.status = Decision.of(downGatewayStatus(world)).status();
    assertThat(world.incident().story().getLast().text())
        .isEqualTo("no longer watched: removed from the monitor; it was: connection refused");
  }

  private static Situation downGatewayStatus(World world) {
    var full = downGateway();
    full.decide();
    world.status = full.status;
    return world.situation(Map.of());
  }

  @Test
  void anUnchangedSituationIsNoNews() {
    var world = downGateway();
    world.acts(world.decide()).decide();
    var stored = world.status;
    var again = Decision.of(world.after(Duration.ofSeconds(1)).situation(Map.of()));
    assertThat(again.isNews(stored)).isFalse();
    assertThat(again.isNews(MonitorStatus.NONE)).isTrue();
  }

  @Test
  void healthyIsUnknownUntilEachTargetWasCheckedUnderThisGeneration() {
    var world = new World(target("gateway"), target("redis"));
    world.up("gateway").decide();
    assertThat(condition(world, "Healthy")).isEqualTo("Unknown/NotYetChecked");
    assertThat(condition(world, "Ready")).isEqualTo("True/Watching");
    world.up("redis").decide();
    assertThat(condition(world, "Healthy")).isEqualTo("True/TargetsHealthy");
    world.down("redis").decide();
    assertThat(condition(world, "Healthy")).isEqualTo("False/TargetsCritical");
    assertThat(world.status.message()).isEqualTo("redis: connection refused");
  }

  private static String condition(World world, String type) {
    return world.status.conditions().stream()
        .filter(c -> c.getType().equals(type))
        .map(c -> c.getStatus() + "/" + c.getReason())
        .findFirst()
        .orElseThrow();
  }

  private static List<Kind> kinds(Decision decision) {
    return decision.notices().getFirst().news().stream().map(Happening::kind).toList();
  }

  private static String blockedBy(World world) {
    assertThat(world.incident().repair().phase()).isEqualTo(RepairPhase.Blocked);
    return world.incident().repair().message();
  }
}
