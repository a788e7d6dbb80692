package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
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

  @Test
  void theDatabaseOfATargetIsOneItDependsOn() {
    var agents =
        ATarget.of("agents", new AgentsTarget("db", null, null, null, null, null, null, null, null))
            .dependsOn(List.of("gateway", "db"))
            .build();
    assertThat(agents.dependencies()).containsExactly("gateway", "db");
    var database = ATarget.named("db").dependsOn(List.of("agents")).build();
    var both = new MonitorSpec(null, null, false, null, List.of(database, agents), null, null);
    assertThat(DependencyCycle.in(both).orElseThrow()).hasToString("db → agents → db");
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
