package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class DependencyCycleTest {

  @Test
  void aRingIsNamedFromItsFirstTargetBackToIt() {
    assertThat(DependencyCycle.in(spec("x: [a], a: [b], b: [c], c: [a]")).orElseThrow())
        .hasToString("a → b → c → a");
  }

  @Test
  void twoWaysToTheSameTargetAreNoRing() {
    assertThat(DependencyCycle.in(spec("a: [b, c], b: [d], c: [d], d: []"))).isEmpty();
  }

  private static MonitorSpec spec(String edges) {
    var yaml = new StringBuilder("targets:\n");
    for (var edge : edges.split("(?<=]), ")) {
      var parts = edge.split(": ");
      yaml.append("- {name: ")
          .append(parts[0])
          .append(", dependsOn: ")
          .append(parts[1])
          .append("}\n");
    }
    return new KubernetesSerialization().unmarshal(yaml.toString(), MonitorSpec.class);
  }
}
