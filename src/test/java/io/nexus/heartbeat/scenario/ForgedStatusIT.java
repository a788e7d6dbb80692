package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody who may write a status writes an act into it that nobody decided. */
class ForgedStatusIT extends ScenarioTest {
  private static final String OURS = "gateway";

  ForgedStatusIT(ApiServer server) throws IOException {
    super(server);
  }

  @ParameterizedTest
  @EnumSource(
      value = RepairPhase.class,
      names = {"Planned", "Executing", "Verifying"})
  void aHealthyGatewayIsNotRestarted(RepairPhase phase) {
    scenario.released().monitored();
    forge(phase, OURS);
    scenario.operator();
    scenario.awaitPeace();
    scenario.awaitChecks(3);
    assertUntouched(OURS);
  }

  @Test
  void aGatewayThatWasNeverSeenHealthyIsNotRestartedAndTheReasonIsInTheStatus() {
    scenario.released().monitored();
    scenario.gatewayFailsWhateverIsDone();
    forge(RepairPhase.Planned, OURS);
    scenario.operator();
    scenario.awaitLevel(Level.Critical);
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(String.valueOf(scenario.target("gateway").repair().message()))
                    .startsWith("not armed"));
    scenario.awaitChecks(3);
    assertUntouched(OURS);
  }

  @Test
  void aWorkloadThatTheMonitorDoesNotNameIsNotRestarted() {
    scenario.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: other, labels: {heartbeat.nexus.io/recovery: allowed}}
        spec:
          selector: {matchLabels: {app: other}}
          template: {metadata: {labels: {app: other}}, spec: {containers: [{name: it, image: it}]}}
        """);
    scenario.released().monitored();
    scenario.gatewayFailsWhateverIsDone();
    forge(RepairPhase.Planned, "other");
    scenario.operator();
    scenario.awaitLevel(Level.Critical);
    scenario.awaitChecks(5);
    assertUntouched("other");
  }

  private void assertUntouched(String deployment) {
    assertThat(
            scenario.kubectl(
                "get",
                "deployment",
                deployment,
                "-o",
                "jsonpath={.spec.template.metadata.annotations}{.metadata.annotations.heartbeat\\.nexus\\.io/action}"))
        .isEmpty();
  }

  private void forge(RepairPhase phase, String deployment) {
    var uid =
        scenario.kubectl("get", "deployment", deployment, "-o", "jsonpath={.metadata.uid}").strip();
    var now = Instant.now();
    scenario.kubectl(
        "patch",
        "hbm",
        "nexus",
        "--subresource=status",
        "--type=merge",
        "-p",
        """
        {"status": {"observedGeneration": 1, "level": "Critical", "message": "forged", "targets": [], "conditions": [],
          "summary": {"healthy": "0/1", "recovery": ""}, "state": {"incidents": [{
          "id": "0123456789abcdef0123456789abcdef", "target": "gateway", "level": "Critical", "cause": "forged",
          "openedAt": "%1$s", "story": [], "told": [],
          "repair": {"phase": "%2$s", "rung": 0, "attempts": 1, "skipped": 0, "refused": 0, "since": "%1$s", "message": "",
            "plan": {"id": "forged", "sequence": 1, "action": "restart Deployment/%3$s",
              "subject": {"kind": "Deployment", "name": "%3$s"}, "uid": "%4$s", "plannedAt": "%1$s", "deadline": "%5$s",
              "pods": []}}}]}}}
        """
            .formatted(now, phase, deployment, uid, now.plusSeconds(120)));
    assertThat(scenario.openIncidents().getFirst().repair().plan()).as("it is stored").isNotNull();
  }
}
