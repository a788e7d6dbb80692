package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A check of one's own, in an operator as it ships, under the rights that we ship. */
class PluginIT extends ScenarioTest {

  PluginIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void whatAPluginSaysIsHowWellItsTargetIs() {
    scenario.kubectl("apply", "-f", "k8s/allow-plugins.yaml");
    scenario.apply(
        cronJob("released", "allowed")
            + "---\n"
            + cronJob("mute", "allowed")
            + "---\n"
            + cronJob("kept", "'no'"));
    scenario.apply(
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          targets:
          - name: well
            plugin: {fromCronJob: released}
          - name: silent
            failureThreshold: 1
            plugin: {fromCronJob: mute, measurements: [depth]}
            thresholds: [{measurement: depth, degraded: 1}]
          - name: kept
            failureThreshold: 1
            plugin: {fromCronJob: kept}
        """);
    try (var _ = scenario.operator()) {
      scenario.awaitStatus(
          status ->
              status.targets().size() == 3
                  && status.targets().get(0).level() == Level.Healthy
                  && status.targets().get(1).message().startsWith("depth: ")
                  && status.targets().get(2).message().startsWith("CronJob kept "));
      assertThat(scenario.target("silent").level()).isEqualTo(Level.Unknown);
      assertThat(scenario.target("kept").level()).isEqualTo(Level.Unknown);
      assertThat(scenario.target("silent").message())
          .isEqualTo("depth: the plugin tells no numbers");
      assertThat(scenario.target("kept").message())
          .startsWith("CronJob kept is not released to Heartbeat: kubectl label cronjob kept");
    }
  }

  private static String cronJob(String name, String released) {
    return """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: %s, labels: {heartbeat.nexus.io/plugin: %s}}
        spec:
          schedule: 0 0 1 1 *
          suspend: true
          jobTemplate:
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: example.com/check:1}]}}}
        """
        .formatted(name, released);
  }
}
