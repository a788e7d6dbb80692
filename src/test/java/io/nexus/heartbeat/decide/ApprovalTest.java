package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The mode Approve: a person sees a step before it is done, and approves that and no other. */
class ApprovalTest {
  private final World world = approving(new World(target("gateway", restart())));

  @Test
  void aStepWaitsAndIsToldWithItsRadiusAndTheCommandUntilItIsApproved() {
    var decision = down();
    assertThat(decision.due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.AwaitingApproval);
    assertThat(world.repair().message())
        .isEqualTo(
            "restart Deployment/gateway waits for approval (replaces 3 pods): heartbeat approve"
                + " nexus/nexus "
                + step());
    assertThat(world.status.summary().recovery()).isEqualTo("AwaitingApproval (gateway)");
    assertThat(decision.notices().getFirst().news())
        .extracting(Happening::kind)
        .contains(Kind.AwaitingApproval);
    assertThat(decision.notices().getFirst().remedy()).isEqualTo(world.repair().message());
    assertThat(world.status.state().acts()).as("nothing is spent").isEmpty();
    world.delivered(decision);
    for (var look = 0; look < 3; look++) {
      decision = world.after(Duration.ofSeconds(30)).down("gateway").decide();
      assertThat(decision.notices()).isEmpty();
    }

    decision = approve(step());
    assertThat(decision.due()).hasSize(1);
    assertThat(decision.due().getFirst().plan().approvedBy()).isEqualTo("alice");
    assertThat(world.incident().story().getLast().text())
        .isEqualTo("restart Deployment/gateway, approved by alice");
  }

  @Test
  void anApprovalIsForOneActOnly() {
    down();
    var first = step();
    world.acts(approve(first));
    world.decide();
    world.rolledOut().decide();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.AwaitingApproval);
    assertThat(step()).isNotEqualTo(first);
    assertThat(approve(first + " again").due()).isEmpty();
    assertThat(handled().outcome()).isEqualTo(Outcome.Refused);
    assertThat(approve(step()).due()).hasSize(1);
  }

  @Test
  void whatRecoversByItselfCancelsItAndTheApprovalComesTooLate() {
    down();
    var step = step();
    world.after(Duration.ofSeconds(5)).up("gateway").decide();
    assertThat(approve(step).due()).isEmpty();
    assertThat(handled().message())
        .isEqualTo("no step '" + step + "' waits for approval; none does");
    world.after(Duration.ofSeconds(5)).down("gateway").decide();
    assertThat(step()).as("another incident").isNotEqualTo(step);
  }

  @Test
  void everyGateIsJudgedAgainAndAnApprovalLapses() {
    down();
    var step = step();
    var steady = world.gateway();
    world.gateway(World.found(null, 0, null, "rollout in progress"));
    assertThat(approve(step).due()).isEmpty();
    assertThat(handled().outcome()).isEqualTo(Outcome.Taken);
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    world.after(Duration.ofMinutes(9)).down("gateway").decide();
    var soon = world.status;
    world.gateway(steady);
    assertThat(world.after(Duration.ofSeconds(30)).down("gateway").decide().due()).hasSize(1);

    world.status = soon;
    world.after(Duration.ofMinutes(1)).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.AwaitingApproval);
    assertThat(step()).isNotEqualTo(step);
  }

  @Test
  void whatWasPlannedBeforeAnybodyHadToBeAskedWaits() {
    mode(Mode.Auto);
    assertThat(down().due()).hasSize(1);
    mode(Mode.Approve);
    assertThat(world.decide().due()).isEmpty();
    world.after(Duration.ofSeconds(30)).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.AwaitingApproval);
    assertThat(world.repair().attempts()).isZero();
  }

  @Test
  void anotherProcessKeepsWhatWaits() {
    down();
    var step = step();
    world.after(Duration.ofSeconds(5)).restarted().decide();
    assertThat(step()).isEqualTo(step);
    assertThat(approve(step).due()).as("it has not looked").isEmpty();
    assertThat(world.after(Duration.ofSeconds(5)).down("gateway").decide().due()).hasSize(1);
  }

  @Test
  void anEditedLadderIsAnotherStep() {
    down();
    var step = step();
    var other = new WorkloadRef(WorkloadRef.Kind.Deployment, "other");
    world.facts.put(other.subject(), World.steady(0, null));
    world.edited(target("gateway", ARung.restarting(other).build()));
    assertThat(approve(step).due()).isEmpty();
    assertThat(handled().outcome()).isEqualTo(Outcome.Refused);
    world.after(Duration.ofSeconds(5)).down("gateway").decide();
    assertThat(world.repair().message()).startsWith("restart Deployment/other waits for approval");
    assertThat(step()).isNotEqualTo(step);
  }

  @Test
  void whoeverApprovedTheEvictionOfOnePodDidNotApproveThatOfAnother() {
    world.targets = List.of(target("gateway", ARung.evicting(World.GATEWAY).build()));
    world.gateway(failing("gateway-1"));
    down();
    var step = step();
    world.after(Duration.ofSeconds(5)).decide();
    assertThat(step()).as("the same pods are the same step").isEqualTo(step);

    world.gateway(failing("gateway-1", "gateway-2"));
    assertThat(approve(step).due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.AwaitingApproval);
    assertThat(step()).isNotEqualTo(step);
    assertThat(approve(step()).due().getFirst().plan().pods())
        .extracting(PodRef::name)
        .containsExactly("gateway-1", "gateway-2");
  }

  private static Facts failing(String... pods) {
    return new Facts.Found(
        "uid-1",
        null,
        0,
        null,
        new Facts.Effect.Complete("rolled out"),
        null,
        "evicts " + String.join(", ", pods),
        Stream.of(pods).map(it -> new PodRef(it, "uid of " + it)).toList());
  }

  /** What may happen next. */
  enum Step {
    UP,
    DOWN,
    ACT,
    ROLLED_OUT,
    SOMEBODY_ROLLS_OUT,
    APPROVE_WHAT_WAITS,
    APPROVE_WHAT_WAITED,
    RESET,
    A_MINUTE,
    TEN_MINUTES,
    RESTART,
    TURN
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Arbitraries.of(Step.class).list().ofMinSize(20).ofMaxSize(200);
  }

  @Property(tries = 300)
  void noActWithoutAnApprovalOfItsOwn(@ForAll("histories") List<Step> history) {
    var world = approving(new World(target("gateway", restart())));
    world.up("gateway").decide();
    var seen = new ArrayList<String>();
    var plans = new HashSet<String>();
    var taken = new HashSet<Handled>();
    var due = List.<Due>of();
    for (var step : history) {
      world.after(Duration.ofSeconds(1));
      switch (step) {
        case UP -> world.up("gateway");
        case DOWN -> world.down("gateway");
        case ACT -> due.forEach(it -> act(world, it));
        case ROLLED_OUT -> world.rolledOut();
        case SOMEBODY_ROLLS_OUT -> world.gateway(rolling(world));
        case APPROVE_WHAT_WAITS ->
            waiting(world).ifPresent(id -> world.orders.put(Order.Approve, id + " " + seen.size()));
        case APPROVE_WHAT_WAITED -> {
          if (!seen.isEmpty()) {
            world.orders.put(Order.Approve, seen.getFirst() + " at=" + history.size());
          }
        }
        case RESET -> world.orders.put(Order.Reset, "at=" + world.now);
        case A_MINUTE -> world.after(Duration.ofMinutes(1));
        case TEN_MINUTES -> world.after(Duration.ofMinutes(10));
        case RESTART -> world.restarted();
        case TURN -> {}
      }
      due = world.decide().due();
      world.status.state().orders().handled().stream()
          .filter(h -> h.order() == Order.Approve && h.outcome() == Outcome.Taken)
          .forEach(taken::add);
      due.forEach(it -> plans.add(it.plan().id() + it.plan().plannedAt()));
      assertThat(due).allMatch(it -> "annotation".equals(it.plan().approvedBy()));
      assertThat(plans).as("an act for each approval").hasSizeLessThanOrEqualTo(taken.size());
      waiting(world).filter(id -> !seen.contains(id)).ifPresent(seen::add);
    }
  }

  private static void act(World world, Due due) {
    if (world.gateway() instanceof Facts.Found found && found.sequence() < due.plan().sequence()) {
      world.gateway(
          World.found(null, due.plan().sequence(), due.plan().id(), "rollout in progress"));
    }
  }

  private static Facts rolling(World world) {
    return world.gateway() instanceof Facts.Found found
        ? World.found(null, found.sequence(), found.lastAction(), "rollout in progress")
        : world.gateway();
  }

  private static Optional<String> waiting(World world) {
    return world.status.targets().stream()
        .map(t -> Optional.ofNullable(t.repair()))
        .flatMap(Optional::stream)
        .map(r -> Optional.ofNullable(r.step()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static World approving(World world) {
    world.recovery =
        new Recovery(
            Mode.Approve,
            new Budget(100, Duration.ofHours(1)),
            Duration.ofSeconds(1),
            100,
            List.of());
    return world;
  }

  private void mode(Mode mode) {
    var now = world.recovery;
    world.recovery =
        new Recovery(mode, now.budget(), now.cooldown(), now.maxAttempts(), now.windows());
  }

  private Decision down() {
    world.up("gateway").decide();
    return world.after(Duration.ofSeconds(1)).down("gateway").decide();
  }

  private Decision approve(String step) {
    world.orders.put(Order.Approve, step + " by=alice");
    return world.decide();
  }

  private String step() {
    return waiting(world).orElseThrow();
  }

  private Handled handled() {
    return world.status.state().orders().handled().stream()
        .filter(h -> h.order() == Order.Approve)
        .findFirst()
        .orElseThrow();
  }
}
