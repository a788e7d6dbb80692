package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.GATEWAY;
import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people order, and what comes of it. */
class OrdersTest {
  private final World world =
      new World(target("gateway", restart()), target("redis"), World.suspended("old"));

  @Test
  void aPauseHoldsRepairUntilItEndsByItself() {
    down();
    order(Order.Pause, "2h by=alice");
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    assertThat(world.repair().message()).isEqualTo("paused: by alice, until 2026-11-23T12:00:01Z");
    assertThat(handled(Order.Pause).message())
        .isEqualTo("repair is paused until 2026-11-23T12:00:01Z; what is being verified goes on");
    assertThat(world.condition("OrdersTaken")).isEqualTo("True/Taken");

    var decision = world.after(Duration.ofHours(2).minusSeconds(1)).down("gateway").decide();
    assertThat(decision.due()).isEmpty();
    assertThat(decision.nextLook()).isEqualTo(world.now.plusSeconds(1));
    decision = world.after(Duration.ofSeconds(1)).decide();
    assertThat(world.status.state().orders().pause()).isNull();
    assertThat(decision.due()).hasSize(1);
  }

  @Test
  void aPauseCallsOffWhatIsPlannedAndGivesBackItsBudget() {
    down();
    assertThat(world.decide().due()).hasSize(1);
    assertThat(world.status.state().acts()).hasSize(1);
    order(Order.Pause, "");
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    assertThat(world.repair().attempts()).isZero();
    assertThat(world.status.state().acts()).isEmpty();
    order(Order.Resume, "1");
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Planned);
    assertThat(world.status.state().orders().pause()).isNull();
  }

  @Test
  void aPausedMonitorSaysSoInItsTable() {
    up();
    order(Order.Pause, "1h");
    assertThat(world.status.summary().recovery()).isEqualTo("Paused (until 2026-11-23T11:00:00Z)");
  }

  @Test
  void aPauseThatWasOverBeforeItWasSeenIsNone() {
    up();
    order(Order.Pause, "2h at=2026-11-22T10:00:00Z");
    assertThat(handled(Order.Pause).outcome()).isEqualTo(Outcome.Refused);
    assertThat(world.status.state().orders().pause()).isNull();
  }

  @Test
  void aPauseCountsFromWhenItWasGivenAndNeverFromTheFuture() {
    up();
    order(Order.Pause, "2h at=2026-11-23T09:00:00Z");
    assertThat(world.status.state().orders().pause().until()).isEqualTo("2026-11-23T11:00:00Z");
    order(Order.Pause, "2h at=2027-11-23T09:00:00Z");
    assertThat(world.status.state().orders().pause().until()).isEqualTo("2026-11-23T12:00:00Z");
  }

  @Test
  void ofWhatIsNewAtOnceTheLaterCounts() {
    up();
    world.orders.put(Order.Pause, "at=2026-11-23T08:00:00Z");
    world.orders.put(Order.Resume, "at=2026-11-23T09:00:00Z");
    world.decide();
    assertThat(world.status.state().orders().pause()).isNull();

    world.orders.put(Order.Pause, "again");
    world.orders.put(Order.Resume, "again");
    world.decide();
    assertThat(handled(Order.Resume).outcome()).isEqualTo(Outcome.Refused);
    world.orders.put(Order.Pause, "1764000001");
    world.orders.put(Order.Resume, "1764000001");
    world.decide();
    assertThat(world.status.state().orders().pause()).as("of no time: the safe one").isNotNull();
  }

  @Test
  void aResetBeginsARepairAnewThatIsExhausted() {
    world.recovery =
        new Recovery(
            Mode.Auto, new Budget(5, Duration.ofHours(1)), Duration.ofSeconds(1), 1, List.of());
    exhaust();
    var first = world.incident().id();
    order(Order.Reset, "gateway by=alice");
    assertThat(handled(Order.Reset).message()).isEqualTo("gateway: its repair begins anew");
    assertThat(kinds(world.incident())).contains(Kind.Reset);
    var decision = world.after(Duration.ofMinutes(1)).down("gateway").decide();
    assertThat(world.incident().id()).isEqualTo(first);
    assertThat(world.repair().attempts()).isEqualTo(1);
    assertThat(decision.due())
        .as("another act than the first, which the workload still carries")
        .hasSize(1)
        .noneMatch(due -> due.plan().id().equals(carried()));
  }

  @Test
  void aResetWaitsUntilNothingIsInFlight() {
    down();
    world.acts(world.decide());
    world.decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Executing);
    order(Order.Reset, "");
    assertThat(handled(Order.Reset).outcome()).isEqualTo(Outcome.Refused);
    assertThat(handled(Order.Reset).message())
        .isEqualTo("gateway: not while its repair is under way (Executing)");
    assertThat(world.repair().attempts()).isEqualTo(1);
  }

  @Test
  void anAcknowledgementIsRecordedAndToldOnce() {
    down();
    world.delivered(world.decide());
    world.orders.put(Order.Ack, "gateway by=alice");
    var decision = world.after(Duration.ofSeconds(1)).decide();
    assertThat(world.incident().attentionOrNone().acknowledgedBy()).isEqualTo("alice");
    assertThat(world.status.targets().getFirst().acknowledged())
        .isEqualTo("by alice, 2026-11-23T10:00:02Z");
    assertThat(decision.notices()).hasSize(1);
    assertThat(decision.notices().getFirst().news())
        .extracting(Happening::text)
        .contains("acknowledged by alice");
    decision = world.delivered(decision).decide();
    assertThat(decision.notices()).isEmpty();
    assertThat(kinds(world.incident())).containsOnlyOnce(Kind.Acknowledged);
  }

  @Test
  void targetsAreCheckedAtOnceAndNoneThatIsSuspended() {
    up();
    world.orders.put(Order.RunNow, "1764000000");
    assertThat(world.decide().asked()).containsExactlyInAnyOrder("gateway", "redis");
    assertThat(world.decide().asked()).as("once").isEmpty();
    world.orders.put(Order.RunNow, "redis 1764000001");
    assertThat(world.decide().asked()).containsExactly("redis");
    order(Order.RunNow, "old");
    assertThat(handled(Order.RunNow).message()).isEqualTo("old is suspended");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          Reset   | gatway          | there is no target 'gatway'; did you mean 'gateway'?
          Ack     | gateway gatway  | there is no target 'gatway'; did you mean 'gateway'?
          Ack     | redis           | redis has no open incident
          RunNow  | nothing-like-it | there is no target 'nothing-like-it'; right would be gateway, old, redis
          Approve | 8442-1f3a       | no step '8442-1f3a' waits for approval; none does
          Pause   | soon            | 'soon' is not a duration; right would be 30s, 1m30s, 2h or 500ms
          """)
  void whatCannotBeIsRefusedWithTheReasonAndChangesNothing(Order order, String text, String why) {
    down();
    world.decide();
    var before = world.status.state().incidents();
    order(order, text);
    assertThat(handled(order).outcome()).isEqualTo(Outcome.Refused);
    assertThat(handled(order).message()).isEqualTo(why);
    assertThat(handled(order).by()).isEqualTo("annotation");
    assertThat(world.condition("OrdersTaken")).isEqualTo("False/Refused");
    assertThat(world.status.state().incidents()).isEqualTo(before);
  }

  @Test
  void anOrderWithoutAnIncidentIsRefused() {
    up();
    order(Order.Ack, "");
    assertThat(handled(Order.Ack).message()).isEqualTo("there is no open incident");
    order(Order.Reset, "");
    assertThat(handled(Order.Reset).message()).isEqualTo("there is no open incident");
  }

  @Test
  void aTextOfAnyLengthIsHandledOnceAndNotKept() {
    up();
    order(Order.RunNow, "x".repeat(200_000));
    var handled = handled(Order.RunNow);
    assertThat(handled.message()).isEqualTo("it is 200000 characters long; at most 256 are read");
    assertThat(handled.value()).startsWith("sha256:").hasSizeLessThan(100);
    world.after(Duration.ofMinutes(1)).decide();
    assertThat(handled(Order.RunNow)).isEqualTo(handled);
    order(Order.RunNow, "y".repeat(200_000));
    assertThat(handled(Order.RunNow)).isNotEqualTo(handled);
  }

  @Test
  void anOrderIsNewsAndIsStored() {
    up();
    var before = world.status;
    world.orders.put(Order.Resume, "");
    assertThat(Decision.of(world.situation(Map.of())).isNews(before)).isTrue();
    world.decide();
    assertThat(Decision.of(world.situation(Map.of())).isNews(world.status)).isFalse();
  }

  private void up() {
    world.up("gateway").up("redis").decide();
  }

  private void down() {
    up();
    world.after(Duration.ofSeconds(1)).down("gateway");
  }

  private void exhaust() {
    down();
    world.acts(world.decide());
    world.decide();
    world.rolledOut().decide();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Exhausted);
  }

  private void order(Order order, String text) {
    world.orders.put(order, text);
    world.decide();
  }

  private String carried() {
    return ((Facts.Found) world.facts.get(GATEWAY.subject())).lastAction();
  }

  private Handled handled(Order order) {
    return world.status.state().orders().handled().stream()
        .filter(h -> h.order() == order)
        .findFirst()
        .orElseThrow();
  }

  private static List<Kind> kinds(Incident incident) {
    return incident.story().stream().map(Happening::kind).toList();
  }
}
