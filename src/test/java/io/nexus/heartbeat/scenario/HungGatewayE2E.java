package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes that really hang, and the operator with the rights that we ship. */
@WithApiServer(realNode = true)
class HungGatewayE2E {
  private static final String EVICT =
      "{evict: {kind: Deployment, name: gateway}, minimumLevel: Degraded}";
  private static final String RESTART = "{restart: {kind: Deployment, name: gateway}}";

  private final RealNode node;

  HungGatewayE2E(ApiServer server) {
    node = new RealNode(server);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void ofThreePodsTheOneThatHangsIsReplacedAndTheOthersAreUntouched() throws Exception {
    node.gateway(3).monitored("[" + EVICT + ", " + RESTART + "]");
    try (var _ = RunningOperator.start(node.server, node.namespace, null)) {
      node.awaitPeace();
      var others = new HashMap<>(node.serving());
      var hung = others.keySet().iterator().next();
      others.remove(hung);

      node.hang(hung);

      awaitHelped("evict failing pods of Deployment/gateway");
      assertThat(node.serving())
          .hasSize(3)
          .doesNotContainKey(hung)
          .containsAllEntriesOf(others)
          .allSatisfy((_, restarts) -> assertThat(restarts).isZero());
    }
  }

  @Test
  void aGatewayThatHangsAltogetherIsRestartedAndServesAgain() throws Exception {
    node.gateway(1).monitored("[" + RESTART + "]");
    try (var _ = RunningOperator.start(node.server, node.namespace, null)) {
      node.awaitPeace();
      var hung = node.serving().keySet().iterator().next();

      node.hang(hung);

      awaitHelped("restart Deployment/gateway");
      assertThat(node.serving()).hasSize(1).doesNotContainKey(hung);
    }
  }

  @Test
  void aPodThatADisruptionBudgetKeepsIsNotTouchedAndThatIsSaid() throws Exception {
    node.gateway(3).monitored("[" + EVICT + "]");
    node.apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: never}
        spec: {maxUnavailable: 0, selector: {matchLabels: {app: gateway}}}
        """);
    try (var _ = RunningOperator.start(node.server, node.namespace, null)) {
      node.awaitPeace();
      var before = node.serving();
      var hung = before.keySet().iterator().next();

      node.hang(hung);

      await()
          .atMost(RealNode.PATIENCE)
          .untilAsserted(
              () -> assertThat(node.repair()).contains(hung, "violate", "disruption budget"));
      assertThat(node.serving()).isEqualTo(before);
    }
  }

  private void awaitHelped(String action) {
    await()
        .atMost(RealNode.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(node.status().actions())
                    .singleElement()
                    .satisfies(it -> assertThat(it.action()).startsWith(action))
                    .extracting(ActionRecord::outcome)
                    .isEqualTo(ActionRecord.Outcome.Helped));
    node.awaitPeace();
  }
}
