package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.decide.SelfDoubt.Failing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfDoubtTest {
  private static final Failing A = new Failing("nexus/nexus", "a", "one");
  private static final Failing B = new Failing("nexus/nexus", "b", "one");
  private static final Failing C = new Failing("nexus/nexus", "c", "two");

  @Test
  void muchThatIsInDifferentPlacesMustFailAtOnce() {
    assertThat(SelfDoubt.isDue(List.of(A, B, C))).isTrue();
    assertThat(SelfDoubt.isDue(List.of(A, C))).isFalse();
    assertThat(SelfDoubt.isDue(List.of(A, C, C))).isFalse();
    assertThat(SelfDoubt.isDue(List.of(A, B, new Failing("nexus/nexus", "c", "one")))).isFalse();
    assertThat(SelfDoubt.words(List.of(A, B, C), "DNS does not answer"))
        .isEqualTo("3 targets on 2 hosts fail together, and DNS does not answer: it may be us");
  }

  @Test
  void inDoubtNothingIsPlannedAndWhatIsPlannedIsCalledOff() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.after(Duration.ofSeconds(1)).down("gateway");
    world.circumstances = new Circumstances(null, "it may be us", null);
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    assertThat(world.repair().message()).isEqualTo("self-doubt: it may be us");

    world.circumstances = Circumstances.GOOD;
    assertThat(world.decide().due()).hasSize(1);
    world.circumstances = new Circumstances(null, "it may be us", null);
    assertThat(world.after(Duration.ofSeconds(1)).decide().due()).isEmpty();
    assertThat(world.status.state().acts()).isEmpty();
  }

  @Test
  void byAClockThatIsOffNothingIsPlannedOrDone() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.after(Duration.ofSeconds(1)).down("gateway");
    assertThat(world.decide().due()).hasSize(1);
    world.circumstances = new Circumstances("10 min ahead", null, null);
    assertThat(world.after(Duration.ofSeconds(1)).decide().due()).isEmpty();
    assertThat(world.repair().message()).isEqualTo("clock: 10 min ahead");
  }

  @Test
  void aSharedBudgetThatIsSpentBlocksWhatIsNotYetPlannedForThatHasSpentIts() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.after(Duration.ofSeconds(1)).down("gateway");
    world.circumstances = new Circumstances(null, null, "of the installation, no act is allowed");
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().message())
        .isEqualTo("shared budget: of the installation, no act is allowed");

    world.circumstances = Circumstances.GOOD;
    assertThat(world.decide().due()).hasSize(1);
    world.circumstances = new Circumstances(null, null, "of the installation, no act is allowed");
    assertThat(world.after(Duration.ofSeconds(1)).decide().due()).hasSize(1);
  }
}
