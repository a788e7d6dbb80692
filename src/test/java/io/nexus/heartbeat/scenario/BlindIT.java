package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** An operator whose watches broke, so that it hears of no change. */
class BlindIT extends ScenarioTest {

  BlindIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void itDoesNothingByADeclarationThatWasChangedSince() {
    scenario.released().monitored();
    var operator = scenario.operator(Fault.none());
    scenario.awaitLevel(Level.Healthy);
    operator.blinded();

    scenario.edit(
        "{\"op\": \"add\", \"path\": \"/spec/recovery\", \"value\": {\"mode\": \"Disabled\"}}");
    scenario.gatewayFailsWhateverIsDone();
    scenario.awaitLevel(Level.Critical);
    scenario.awaitChecks(5);
    assertThat(scenario.restarts()).isZero();
    assertThat(operator.outcomes).isEmpty();
    assertThat(scenario.target("gateway").repair().message()).startsWith("recovery is disabled");
  }

  @Test
  void whatIsStillDeclaredItDoesOnce() {
    scenario.released().monitored();
    var operator = scenario.operator(Fault.none());
    scenario.awaitLevel(Level.Healthy);
    operator.blinded();

    scenario.gatewayFails();
    scenario.awaitLevel(Level.Critical);
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(scenario.status().actions()).hasSize(1);
  }
}
