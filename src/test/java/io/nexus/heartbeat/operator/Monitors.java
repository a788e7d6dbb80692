package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.cluster.ApiServer;
import java.time.Duration;
import java.util.List;

/** HeartbeatMonitors on a real API server. */
final class Monitors {
  private Monitors() {}

  /** A schema without rules, where the project's own is not installed: it lets nonsense in. */
  static void installResource(ApiServer server) {
    if (server.kubectl("get", "crd", "heartbeatmonitors.heartbeat.nexus.io").exitCode() != 0) {
      apply(
          server,
          """
          apiVersion: apiextensions.k8s.io/v1
          kind: CustomResourceDefinition
          metadata: {name: heartbeatmonitors.heartbeat.nexus.io}
          spec:
            group: heartbeat.nexus.io
            scope: Namespaced
            names: {kind: HeartbeatMonitor, plural: heartbeatmonitors, singular: heartbeatmonitor}
            versions:
            - name: v1alpha1
              served: true
              storage: true
              subresources: {status: {}}
              schema:
                openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
          """);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> server.kubectl("get", "heartbeatmonitors", "-A").exitCode() == 0);
  }

  static void create(ApiServer server, String namespace, String name) {
    apply(
        server,
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: %s, namespace: %s}
        spec: {targets: [{name: redis, tcp: {host: redis, port: 6379}}]}
        """
            .formatted(name, namespace));
  }

  static HeartbeatMonitor get(ApiServer server, String namespace, String name) {
    try (var client = ApiServerClient.of(server)) {
      return client
          .resources(HeartbeatMonitor.class)
          .inNamespace(namespace)
          .withName(name)
          .require();
    }
  }

  static MonitorStatus saying(String message) {
    return new MonitorStatus(
        1L,
        Level.Healthy,
        message,
        MonitorStatus.NONE.summary(),
        null,
        List.of(),
        List.of(),
        MonitorStatus.NONE.state());
  }

  static void apply(ApiServer server, String yaml) {
    var applied = server.kubectlWithInput(yaml, "apply", "-f", "-");
    assertThat(applied.exitCode()).as(applied.err()).isZero();
  }
}
