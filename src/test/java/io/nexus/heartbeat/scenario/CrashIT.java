package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.util.HashSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An operator that dies before or after its n-th write is followed by another: one effect, never
 * two; nothing forgotten; at most the message in flight repeated, with the same incident id.
 */
@WithApiServer
class CrashIT {

  @ParameterizedTest(name = "dies {1} write {0}")
  @CsvSource({
    "2, before",
    "2, after",
    "3, before",
    "3, after",
    "4, before",
    "4, after",
    "5, before",
    "5, after",
    "6, before",
    "6, after",
    "7, before",
    "7, after"
  })
  void oneEffectHoweverTheOperatorDies(int write, String when, ApiServer server) throws Exception {
    try (var scenario = new Scenario(server)) {
      scenario.released().monitored();
      var warmUp = scenario.operator();
      scenario.awaitLevel(Level.Healthy);
      warmUp.close();

      var fault = when.equals("before") ? Fault.beforeWrite(write) : Fault.afterWrite(write);
      scenario.gatewayFails();
      var mortal = scenario.operator(fault);
      await()
          .atMost(Scenario.PATIENCE)
          .until(() -> fault.isDead() || scenario.messages().size() == 3);
      mortal.close();
      scenario.operator();

      await()
          .atMost(Scenario.PATIENCE)
          .untilAsserted(() -> assertThat(scenario.restarts()).isEqualTo(1));
      scenario.awaitPeace();
      assertThat(scenario.restarts()).isEqualTo(1);
      assertThat(scenario.messages()).anyMatch(m -> m.contains("restarted Deployment/gateway"));
      assertThat(scenario.messages().getLast()).contains("Resolved");
      assertThat(scenario.messages().size() - new HashSet<>(scenario.messages()).size())
          .as("messages repeated")
          .isLessThanOrEqualTo(1);
      assertThat(incidents(scenario)).as("one incident, under one id").hasSize(1);
    }
  }

  private static HashSet<String> incidents(Scenario scenario) {
    var ids = new HashSet<String>();
    for (var message : scenario.messages()) {
      message.lines().filter(line -> line.startsWith("Incident ")).forEach(ids::add);
    }
    return ids;
  }
}
