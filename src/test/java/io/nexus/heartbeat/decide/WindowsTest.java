package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.RepairWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final RepairWindow NIGHTS =
      new RepairWindow("nights", "0 22 * * *", "Europe/Berlin", Duration.ofHours(8));
  private static final RepairWindow LUNCH =
      new RepairWindow("lunch", "0 12 * * *", "Europe/Berlin", Duration.ofHours(1));

  /** At eleven in the morning, Berlin's time. */
  private static World failing(RepairWindow... windows) {
    var world = new World(target("gateway", restart()));
    world.recovery = new Recovery(Mode.Auto, null, null, null, List.of(windows));
    world.up("gateway").decide();
    world.after(SOON).down("gateway");
    return world;
  }

  @Test
  void repairWaitsForItsWindowAndSaysWhenThatOpens() {
    var world = failing(NIGHTS, LUNCH);
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    assertThat(world.repair().message())
        .isEqualTo("window: repair may act only in nights, lunch, next from 2026-11-23T11:00:00Z");

    world.now = Instant.parse("2026-11-23T11:00:00Z");
    assertThat(world.down("gateway").decide().due()).hasSize(1);
  }

  @Test
  void theTurnComesAtTheMomentTheWindowOpens() {
    var world = failing(LUNCH);
    world.now = Instant.parse("2026-11-23T10:59:55Z");
    assertThat(world.down("gateway").decide().nextLook())
        .isEqualTo(Instant.parse("2026-11-23T11:00:00Z"));
  }

  @Test
  void withoutWindowsRepairMayAlwaysAct() {
    assertThat(failing().decide().due()).hasSize(1);
  }

  @Test
  void whatIsPlannedAndNotDoneByTheEndOfTheWindowIsCalledOff() {
    var world = failing(LUNCH);
    world.now = Instant.parse("2026-11-23T11:59:59Z");
    assertThat(world.down("gateway").decide().due()).hasSize(1);
    assertThat(world.after(SOON).decide().due()).isEmpty();
    assertThat(world.repair().message()).startsWith("window: ");
    assertThat(world.status.state().acts()).isEmpty();
  }

  @Test
  void aWindowThatCannotBeReadIsClosed() {
    var broken = new RepairWindow("nights", "0 25 * * *", "UTC", Duration.ofHours(8));
    assertThat(Windows.closed(List.of(broken), World.START))
        .contains(new Gates.Closed("window", "hour '25' is not of 0 to 23"));
  }
}
