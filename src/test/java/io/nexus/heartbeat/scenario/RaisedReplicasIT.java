package io.nexus.heartbeat.scenario;

import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replicas that Heartbeat raised. */
@WithApiServer
class RaisedReplicasIT {
  private final Scenario scenario;

  RaisedReplicasIT(ApiServer server) throws Exception {
    scenario = new Scenario(server);
  }

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void theyArePutBackThoughTheirMonitorWasDeletedWhileNobodyRan() {
    scenario.released();
    scenario.kubectl("scale", "deployment", "gateway", "--replicas=5");
    scenario.kubectl(
        "annotate", "deployment", "gateway", "heartbeat.nexus.io/scaled=2 5 2026-01-01T00:00:00Z");
    scenario.operator();
    await()
        .atMost(Scenario.PATIENCE)
        .until(() -> scenario.deployment().getSpec().getReplicas() == 2);
  }
}
