package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.cluster.ApiServer;
import java.util.List;

/** HeartbeatMonitors on a real API server. */
final class Monitors {
  private Monitors() {}

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
        List.of(),
        MonitorStatus.NONE.state());
  }

  static void apply(ApiServer server, String yaml) {
    var applied = server.kubectlWithInput(yaml, "apply", "-f", "-");
    assertThat(applied.exitCode()).as(applied.err()).isZero();
  }
}
