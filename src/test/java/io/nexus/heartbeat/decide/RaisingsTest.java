package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Scale;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was scaled up has an end, whatever happens meanwhile. */
class RaisingsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration KEPT = Duration.ofMinutes(5);
  private static final Scale SCALE = new Scale(Kind.Deployment, "gateway", 5, KEPT);

  private final World world = new World(target("gateway", ARung.of(SCALE).build()));

  @Test
  void itIsRememberedBeforeItIsDoneAndPutBackAtItsTime() {
    planned();
    assertThat(world.status.state().raised())
        .containsExactly(new Raised(World.GATEWAY, world.now.plus(Planning.TO_ACT).plus(KEPT)));
    world.acts(Decision.of(world.situation(Map.of()))).decide();
    assertThat(world.after(KEPT).decide().putBack()).isEmpty();
    assertThat(world.after(Planning.TO_ACT).decide().putBack()).hasSize(1);

    world.putBack.add(World.GATEWAY);
    world.decide();
    assertThat(world.status.state().raised()).isEmpty();
  }

  @Test
  void whatWasPutBackIsNotTakenForRaisedWhileItsRolloutGoesOn() {
    planned();
    world.acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    world.after(Planning.TO_ACT.plus(KEPT)).putBack.add(World.GATEWAY);
    world.decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Executing);
    assertThat(world.decide().putBack()).isEmpty();
    assertThat(world.status.state().raised()).isEmpty();
  }

  @Test
  void itIsPutBackThoughTheMonitorCannotBeProcessedAnyMore() {
    planned();
    world.notReady = new Situation.NotReady("DependencyCycle", "a depends on itself");
    var decision = world.after(SOON).decide();
    assertThat(decision.putBack()).isEmpty();
    assertThat(decision.nextLook()).isEqualTo(world.status.state().raised().getFirst().until());

    assertThat(world.after(Planning.TO_ACT.plus(KEPT)).decide().putBack()).hasSize(1);
    world.putBack.add(World.GATEWAY);
    world.decide();
    assertThat(world.status.state().raised()).isEmpty();
  }

  private void planned() {
    world.up("gateway").decide();
    assertThat(world.after(SOON).down("gateway").decide().due()).hasSize(1);
  }
}
