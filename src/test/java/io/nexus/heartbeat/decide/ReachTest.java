package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.OPS;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.MonitorStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReachTest {
  private final World world = new World(target("gateway"));

  private void isDown() {
    world.up("gateway").decide();
    world.after(Duration.ofMinutes(1)).down("gateway").decide();
  }

  @Test
  void aMessageThatIsLateIsSaidWithItsReasonAndSinceWhen() {
    isDown();
    var late = world.now;
    world.tellings.add(new TellResult.Delayed("ops", "Secret telegram not found"));
    var decision = world.decide();
    assertThat(decision.isNews(MonitorStatus.NONE)).isTrue();
    assertThat(delivered().getStatus() + "/" + delivered().getReason()).isEqualTo("False/Retrying");
    assertThat(delivered().getMessage())
        .isEqualTo("ops: Secret telegram not found (late since " + late + ", tried on)");

    world.after(Duration.ofMinutes(5)).tellings.add(new TellResult.Delayed("ops", "not released"));
    var stored = world.status;
    assertThat(world.decide().isNews(stored)).isTrue();
    assertThat(delivered().getMessage()).startsWith("ops: not released (late since " + late);
  }

  @Test
  void whatWasGivenUpIsKeptInTheStatusUntilSomethingGetsThrough() {
    isDown();
    world.tellings.add(new TellResult.Refused("ops", "chat not found"));
    world.decide();
    world.after(Duration.ofHours(1)).decide(); // as another process would, from the status alone
    assertThat(delivered().getReason()).isEqualTo("Refused");
    assertThat(delivered().getMessage()).isEqualTo("ops: chat not found");

    world.tellings.add(new TellResult.Delivered("ops"));
    world.decide();
    assertThat(delivered().getStatus()).isEqualTo("True");
  }

  @Test
  void anOlderDeadMessageIsForgottenByANewerThatGotThrough() {
    isDown();
    world.tellings.add(new TellResult.Refused("ops", "chat not found"));
    world.tellings.add(new TellResult.Delivered("ops"));
    world.decide();
    assertThat(delivered().getStatus()).isEqualTo("True");
  }

  @Test
  void aReceiverThatIsNoMoreRefusesNothing() {
    isDown();
    world.tellings.add(new TellResult.Refused("ops", "chat not found"));
    world.decide();
    world.receivers = List.of(new Receiver("team", Level.Degraded, null, null));
    world.decide();
    assertThat(delivered().getStatus()).isEqualTo("True");
    assertThat(world.status.state().undelivered()).isEmpty();
  }

  @Test
  void nobodyIsLateWhoIsNotToBeToldAnyMore() {
    isDown();
    world.tellings.add(new TellResult.Delayed("ops", "Secret telegram not found"));
    world.decide();
    world.receivers = List.of(new Receiver("ops", Level.Critical, null, null), OPS);
    world.news.put(world.incident().id(), List.of(new Told("ops", 99, null, null)));
    world.decide();
    assertThat(delivered().getStatus()).isEqualTo("True");
  }

  @Test
  void whatIsOverIsShownOnceMoreThoughNobodyHasToBeTold() {
    world.receivers = List.of();
    isDown();
    var decision = world.after(Duration.ofMinutes(1)).up("gateway").decide();
    assertThat(world.status.state().incidents()).isEmpty();
    assertThat(decision.over().getFirst().story().getLast().kind()).isEqualTo(Kind.Resolved);
  }

  @Test
  void aMonitorThatCannotBeProcessedStillLearnsWhatWasToldAndTellsTheRest() {
    isDown();
    world.notReady = new Situation.NotReady("DependencyCycle", "a depends on itself");
    assertThat(Decision.of(world.situation(Map.of())).notices()).hasSize(1);
    world.news.put(world.incident().id(), List.of(new Told("ops", 1, "7", null)));
    var decision = Decision.of(world.situation(Map.of()));
    assertThat(decision.notices()).isEmpty();
    assertThat(decision.status().state().incidents().getFirst().told()).hasSize(1);
  }

  @Test
  void aSuspendedTargetIsUnwatchedNotResolved() {
    isDown();
    world.targets = List.of(World.suspended("gateway"));
    var decision = world.after(Duration.ofMinutes(4)).decide();
    var last = decision.notices().getFirst().news().getLast();
    assertThat(last.kind()).isEqualTo(Kind.Unwatched);
    assertThat(last.text()).isEqualTo("no longer watched: suspended; it was: connection refused");
    assertThat(last.level()).isEqualTo(Level.Critical);
    assertThat(decision.notices().getFirst().resolvedAt()).isNull();
  }

  private Condition delivered() {
    return world.status.conditions().stream()
        .filter(c -> c.getType().equals("AlertsDelivered"))
        .findFirst()
        .orElseThrow();
  }
}
