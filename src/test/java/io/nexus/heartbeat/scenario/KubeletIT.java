package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.operator.kubelet.KubeletStandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator asks a kubelet for its monitors, and opens it to none of them. */
@WithApiServer
class KubeletIT {
  private static final String STATS = "k8s/kubelet-stats.yaml";

  private final Scenario scenario;
  private final String node;

  KubeletIT(ApiServer server) throws Exception {
    scenario = new Scenario(server);
    node = "kubelet-" + scenario.namespace;
  }

  @AfterEach
  void close() {
    scenario.close();
    scenario.server.kubectl("delete", "node", node, "--ignore-not-found", "--wait=false");
    scenario.server.kubectl("delete", "-f", STATS, "--ignore-not-found");
  }

  @Test
  void aNodeIsAsFullAsItsKubeletTellsTheOperatorWhereTheAdministratorAllowedIt() throws Exception {
    var ours = StrangersIT.addressOfThisMachine();
    assumeThat(ours).as("this machine has an address beyond loopback").isPresent();
    var address = ours.orElseThrow();
    try (var kubelet = KubeletStandIn.at(address)) {
      node(address.getHostAddress(), kubelet.port());
      scenario.apply(
          """
          apiVersion: heartbeat.nexus.io/v1alpha1
          kind: HeartbeatMonitor
          metadata: {name: nexus}
          spec:
            interval: 1s
            targets:
            - {name: disk, failureThreshold: 1, disk: {node: {name: %s}}}
            - {name: door, failureThreshold: 1, tcp: {host: %s, port: %d}}
          """
              .formatted(node, address.getHostAddress(), kubelet.port()));
      try (var _ = RunningOperator.start(scenario.server, scenario.namespace, null)) {
        awaitDisk(Level.Unknown, "unless the operator runs with --kubelet-stats");
      }
      try (var _ =
          RunningOperator.asking(scenario.server, scenario.namespace, KubeletStandIn.TRUST)) {
        awaitDisk(Level.Unknown, "Heartbeat may not get nodes; an administrator can allow it");
        assertThat(kubelet.requests()).isEmpty();

        scenario.server.kubectl("apply", "-f", STATS);

        awaitDisk(Level.Healthy, "");
        assertThat(scenario.target("disk").measurements()).containsKey("percent");
        var door = scenario.target("door");
        assertThat(door.level()).isEqualTo(Level.Unknown);
        assertThat(door.message()).contains("which the operator does not open");
      }
    }
  }

  private void awaitDisk(Level level, String words) {
    await()
        .atMost(Scenario.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(scenario.target("disk").level()).isEqualTo(level);
              assertThat(String.valueOf(scenario.target("disk").message())).contains(words);
            });
  }

  /** The simulated cluster fills in what is missing of a node, once. */
  private void node(String address, int port) {
    scenario.apply(
        """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s"}, "spec": {"unschedulable": true}}
        """
            .formatted(node));
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario
                    .server
                    .kubectl("get", "node", node, "-o", "jsonpath={.status.conditions[*].type}")
                    .out()
                    .contains("Ready"));
    var patched =
        scenario.server.kubectl(
            "patch",
            "node",
            node,
            "--subresource=status",
            "--type=merge",
            "-p",
            """
            {"status": {"addresses": [{"type": "InternalIP", "address": "%s"}],
                        "daemonEndpoints": {"kubeletEndpoint": {"Port": %d}}}}
            """
                .formatted(address, port));
    assertThat(patched.exitCode()).as(patched.err()).isZero();
  }
}
