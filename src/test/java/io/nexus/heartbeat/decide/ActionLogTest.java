package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.api.ActionRecord.Outcome;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of each act there is a record: by what, when, with what outcome. */
class ActionLogTest {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final World world = new World(target("gateway", restart()));

  private World planned() {
    world.up("gateway").decide();
    world.after(SOON).down("gateway").decide();
    return world;
  }

  private ActionRecord last() {
    return world.status.actions().getLast();
  }

  @Test
  void anActThatHelpedIsRecordedFromItsDecisionToItsProof() {
    planned();
    assertThat(last().outcome()).isEqualTo(Outcome.Underway);
    assertThat(last().action()).isEqualTo("restart Deployment/gateway");
    assertThat(last().decidedBy()).isEqualTo("Critical: connection refused");
    assertThat(last().gates()).contains("mode", "armed", "cooldown", "shared budget");
    assertThat(last().before()).startsWith("Critical: connection refused");
    assertThat(last().id()).isEqualTo(world.repair().plan().id());

    world.acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    assertThat(last().doneAt()).isEqualTo(world.now);
    world.rolledOut().after(SOON).decide();
    assertThat(last().effect()).isEqualTo("rolled out");
    for (var i = 0; i < 3; i++) {
      world.after(SOON).up("gateway").decide();
    }
    assertThat(world.status.actions()).hasSize(1);
    assertThat(last().outcome()).isEqualTo(Outcome.Helped);
    assertThat(last().after()).isEqualTo("Healthy");
    assertThat(last().endedAt()).isNotNull();
  }

  @Test
  void anActThatDidNotHelpSaysSo() {
    planned().acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    world.rolledOut().after(SOON).decide();
    world.after(Duration.ofMinutes(6)).down("gateway").decide();
    assertThat(world.status.actions().getFirst().outcome()).isEqualTo(Outcome.DidNotHelp);
    assertThat(world.status.actions().getFirst().after()).contains("did not help");
  }

  @Test
  void whatWasRefusedOrCalledOffTouchedNothing() {
    planned();
    world.decide(Map.of(world.repair().plan().id(), new ActResult.Refused("a rollout began")));
    assertThat(last().outcome()).isEqualTo(Outcome.NotDone);
    assertThat(last().after()).isEqualTo("refused: a rollout began");
  }

  @Test
  void aDryRunIsRecordedOnceAndAsSuch() {
    world.recovery = new Recovery(Mode.DryRun, null, null, null, null);
    planned();
    for (var i = 0; i < 5; i++) {
      world.after(SOON).down("gateway").decide();
    }
    assertThat(world.status.actions()).hasSize(1);
    assertThat(last().outcome()).isEqualTo(Outcome.DryRun);
    assertThat(last().action()).isEqualTo("restart Deployment/gateway");
  }

  @Test
  void whatIsNoLongerWatchedStaysUnproven() {
    planned().acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    world.edited(target("other"));
    world.decide();
    assertThat(last().outcome()).isEqualTo(Outcome.Unproven);
  }

  @Test
  void onlyTheLastAreKept() {
    world.recovery =
        new Recovery(Mode.Auto, new Budget(100, Duration.ofHours(1)), SOON, 100, List.of());
    planned();
    for (var i = 0; i < 2 * ActionRecord.MOST; i++) {
      world.acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
      world.rolledOut().after(SOON).decide();
      world.after(Duration.ofMinutes(6)).down("gateway").decide();
      world.after(SOON).down("gateway").decide();
    }
    assertThat(world.status.actions()).hasSize(ActionRecord.MOST);
  }
}
