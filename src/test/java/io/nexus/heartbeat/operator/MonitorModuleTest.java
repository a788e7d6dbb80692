package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import org.junit.jupiter.api.Test;

/** What an older schema, or none, let into the store. */
class MonitorModuleTest {
  private final ObjectMapper mapper = new ObjectMapper().registerModule(new MonitorModule());

  @Test
  void aSpecThatMakesNoSenseIsCarriedWithTheFieldThatIsWrongAndStopsNoOther() throws Exception {
    var monitors =
        mapper.readValue(
            "["
                + monitor("nonsense", "\"spec\": {\"targets\": [{\"failureThreshold\": \"many\"}]}")
                + ","
                + monitor("none", "\"other\": 1")
                + ","
                + monitor("well", "\"spec\": {\"targets\": []}")
                + "]",
            HeartbeatMonitor[].class);

    assertThat(monitors)
        .extracting(monitor -> monitor.getMetadata().getName())
        .containsExactly("nonsense", "none", "well");
    assertThat(monitors[0])
        .isInstanceOfSatisfying(
            UnreadableMonitor.class,
            it -> assertThat(it.problem()).startsWith("spec.targets[0].failureThreshold: "));
    assertThat(monitors[1])
        .isInstanceOfSatisfying(
            UnreadableMonitor.class, it -> assertThat(it.problem()).isEqualTo("spec: is missing"));
    assertThat(monitors[2]).isNotInstanceOf(UnreadableMonitor.class);
  }

  @Test
  void aStatusThatCannotBeReadIsAsNone() throws Exception {
    var monitor =
        mapper.readValue(
            monitor("forged", "\"spec\": {\"targets\": []}, \"status\": {\"level\": \"Splendid\"}"),
            HeartbeatMonitor.class);

    assertThat(monitor).isNotInstanceOf(UnreadableMonitor.class);
    assertThat(monitor.getStatus()).isNull();
  }

  private static String monitor(String name, String more) {
    return """
    {"apiVersion": "heartbeat.nexus.io/v1alpha1", "kind": "HeartbeatMonitor",
     "metadata": {"name": "%s", "namespace": "nexus"}, %s}"""
        .formatted(name, more);
  }
}
