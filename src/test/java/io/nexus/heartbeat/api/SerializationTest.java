package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerializationTest {
  private static final Instant NOW = Instant.parse("2026-12-01T02:00:00.123Z");

  @Test
  void aStatusIsTheSameAfterBothMappers() throws Exception {
    var status = status(2);
    var fabric8 = new KubernetesSerialization();
    assertThat(fabric8.unmarshal(fabric8.asYaml(status), MonitorStatus.class)).isEqualTo(status);
    var plain = new ObjectMapper();
    assertThat(plain.readValue(plain.writeValueAsString(status), MonitorStatus.class))
        .isEqualTo(status);
  }

  @Test
  void aSpecIsTheSameAfterBothMappers() throws Exception {
    var json =
        """
        {"interval":"1m30s","targets":[{"name":"a","redis":{"url":"redis://a"},"newer":1,
          "repair":[{"notify":{},"minimumLevel":"Degraded"}]}],
         "alerts":{"receivers":[{"name":"log","events":{}}]}}""";
    var fabric8 = new KubernetesSerialization();
    var spec = fabric8.unmarshal(json, MonitorSpec.class);
    assertThat(spec.interval()).isEqualTo(Duration.ofSeconds(90));
    assertThat(spec.targets().getFirst().repair().getFirst().tell()).isNotNull();
    assertThat(fabric8.unmarshal(fabric8.asYaml(spec), MonitorSpec.class)).isEqualTo(spec);
    var plain = new ObjectMapper();
    assertThat(plain.writeValueAsString(spec)).contains("\"interval\":\"1m30s\"", "\"notify\":{}");
    assertThat(plain.readValue(plain.writeValueAsString(spec), MonitorSpec.class)).isEqualTo(spec);
  }

  @Test
  void aHundredTargetsWithIncidentsStayBelow128KiB() {
    var json = new KubernetesSerialization().asJson(status(100));
    assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(128 * 1024);
    assertThat(json).doesNotContain("null");
  }

  private static MonitorStatus status(int targets) {
    var rows =
        IntStream.range(0, targets)
            .mapToObj(
                i ->
                    new TargetStatus(
                        "target-number-" + i,
                        "http",
                        Level.Critical,
                        "gateway.nexus.svc:8000: timed out after 5 s (3 in a row)",
                        NOW,
                        NOW,
                        Duration.ofMillis(5_012),
                        3,
                        Map.of("endpoints", new IntOrString(3), "latency", new IntOrString("5s")),
                        "HHHHHHDCCC",
                        true,
                        "k7f2",
                        null,
                        null))
            .toList();
    var incidents =
        IntStream.range(0, targets)
            .mapToObj(
                i ->
                    new MonitorState.Incident(
                        "0123456789abcdef0123456789abcdef",
                        "target-number-" + i,
                        Level.Critical,
                        "gateway.nexus.svc:8000: timed out after 5 s",
                        NOW,
                        null,
                        null,
                        List.of(
                            new MonitorState.Happening(
                                1,
                                MonitorState.Happening.Kind.Opened,
                                Level.Critical,
                                NOW,
                                "timed out after 5 s (3 in a row)")),
                        List.of(
                            new MonitorState.Told(
                                "ops",
                                1,
                                "4711",
                                new Keyboard(
                                    "0f".repeat(32),
                                    "a1".repeat(16),
                                    "42",
                                    "8442-1f3a",
                                    true,
                                    Instant.parse("2026-11-24T03:00:00Z")))),
                        null))
            .toList();
    var pushes =
        List.of(
            new MonitorState.Pushed(
                "backup",
                NOW,
                null,
                NOW,
                false,
                3,
                Duration.ofHours(1),
                NOW,
                Duration.ofMinutes(2)));
    return new MonitorStatus(
        4L,
        Level.Critical,
        "target-number-0: timed out after 5 s (3 in a row)",
        new MonitorStatus.Summary("0/" + targets, ""),
        NOW,
        List.of(),
        rows,
        Collections.nCopies(ActionRecord.MOST, record()),
        new MonitorState(
            List.of(), List.of(), incidents, List.of(), pushes, List.of(), OrderBook.NONE));
  }

  /** As long as one can be. */
  private static ActionRecord record() {
    var long1k = "x".repeat(1024);
    return new ActionRecord(
        "0123456789abcdef0123456789abcdef",
        "k7f2",
        "t".repeat(63),
        long1k,
        long1k,
        long1k,
        long1k,
        long1k,
        long1k,
        NOW,
        NOW,
        NOW,
        ActionRecord.Outcome.Helped);
  }
}
