package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import io.nexus.heartbeat.demo.TelegramStandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program itself, in a process of its own, killed with SIGKILL and started again. The moment is
 * kept by the way to the API server: it carries one write, and no answer ever after.
 */
class KillIT extends ScenarioTest {
  @TempDir private Path directory;

  KillIT(ApiServer server) throws IOException {
    super(server);
  }

  @BeforeEach
  void monitored() {
    scenario.released().monitored();
  }

  @Test
  void onceItsPlanIsStoredAndNothingDoneYetTheNextOneActs() throws Exception {
    var repair = OneRepair.of(scenario);
    try (var mortal =
        OperatorProcess.start(scenario, directory, Fault.after("status Critical Planned 1"))) {
      failUntil(mortal);
      assertThat(phase()).isEqualTo(RepairPhase.Planned);
      assertThat(scenario.restarts()).isZero();
      mortal.kill();
    }
    nextEnds(repair, 0);
  }

  @Test
  void onceItsActIsDoneAndNotInTheStatusYetTheNextOneFindsItAndRepeatsNothing() throws Exception {
    var repair = OneRepair.of(scenario);
    try (var mortal = OperatorProcess.start(scenario, directory, Fault.after("workload 1"))) {
      failUntil(mortal);
      assertThat(phase()).isEqualTo(RepairPhase.Planned);
      // The controller counts it when it sees it.
      await().atMost(Scenario.PATIENCE).until(() -> scenario.restarts() == 1);
      mortal.kill();
    }
    nextEnds(repair, 1);
  }

  @Test
  void onceItsAlertArrivedAndIsNotInTheLedgerYetOnlyThatOneIsSaidAgain() throws Exception {
    var repair = OneRepair.of(scenario);
    scenario.telegram.next(new TelegramStandIn.Fault.AcceptThenSilence());
    try (var mortal = OperatorProcess.start(scenario, directory, Fault.none())) {
      scenario.awaitLevel(Level.Healthy);
      scenario.gatewayFails();
      await().atMost(Scenario.PATIENCE).until(() -> scenario.messages().size() == 1);
      mortal.kill();
    }
    nextEnds(repair, 1);
  }

  private void failUntil(OperatorProcess mortal) throws InterruptedException {
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    mortal.awaitFault();
  }

  private void nextEnds(OneRepair repair, int repeats) throws Exception {
    try (var _ = OperatorProcess.start(scenario, directory, Fault.none())) {
      await().atMost(Scenario.PATIENCE).until(repair::isOver);
      repair.assertOnceOnly(repeats);
    }
  }

  private RepairPhase phase() {
    return scenario.openIncidents().stream()
        .map(incident -> Objects.requireNonNull(incident.repair()))
        .map(Repair::phase)
        .findFirst()
        .orElseThrow();
  }
}
