package io.nexus.heartbeat.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.TargetView;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private static final MonitorKey NEXUS = new MonitorKey("nexus", "nexus");

  private final Metrics metrics = new Metrics("1.2.3");
  private final AtomicLong overdue = new AtomicLong();
  private final AtomicReference<Optional<String>> whyNotReady =
      new AtomicReference<>(Optional.of("still reading"));
  private final ManagementServer server;

  ManagementServerTest() throws IOException {
    server = ManagementServer.start(loopback(0), "--port", metrics, overdue::get, whyNotReady::get);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void healthIsRedWhileDueChecksAreNotDone() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    overdue.set(3);
    assertThat(get("/healthz").statusCode()).isEqualTo(503);
    assertThat(get("/healthz").body()).contains("3");
    overdue.set(0);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void readinessSaysWhyNot() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).contains("still reading");
    whyNotReady.set(Optional.empty());
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNotThereSaysWhatIs() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/nothing").body()).contains("/healthz", "/readyz", "/metrics");
  }

  @Test
  void aPortThatIsTakenIsSaidWithWhatToDo() {
    assertThatThrownBy(
            () ->
                ManagementServer.start(
                    server.address(), "--port", metrics, overdue::get, whyNotReady::get))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Integer.toString(server.address().getPort()))
        .hasMessageContaining("--port");
  }

  @Test
  void theMetricsAreThoseOfTheContractAndNoOthers() throws Exception {
    somethingOfEverythingHappens();
    var exposed = names("(?m)^# TYPE (\\S+) ", get("/metrics").body());
    var written = names("(?m)^\\| `([a-z0-9_]+)` ", Files.readString(contract()));
    assertThat(exposed).isEqualTo(written);
  }

  @Test
  void aTargetIsShownWithItsLevelAndGoesWithIt() throws Exception {
    somethingOfEverythingHappens();
    assertThat(get("/metrics").body())
        .contains(
            "heartbeat_target_level{kind=\"http\",monitor=\"nexus\",namespace=\"nexus\",target=\"gateway\"} 3.0");
    targets.set(List.of());
    assertThat(get("/metrics").body()).doesNotContain("target=\"gateway\"");
  }

  private final AtomicReference<List<TargetView>> targets =
      new AtomicReference<>(
          List.of(
              new TargetView(
                  NEXUS,
                  "gateway",
                  "http",
                  Level.Critical,
                  Instant.now(),
                  Duration.ofMillis(5),
                  true,
                  true)));

  private void somethingOfEverythingHappens() {
    metrics.watch(
        new Metrics.Sources(
            targets::get, overdue::get, () -> new Courier.Health(1, Duration.ofSeconds(2))));
    var observation =
        new Observation(Instant.now(), Duration.ofMillis(3), new Reading.Up(Measurements.NONE));
    metrics.checked(
        NEXUS, "gateway", Duration.ofMillis(1), observation, Assessment.NONE, Assessment.NONE);
    var workload = new WorkloadRef(WorkloadRef.Kind.Deployment, "gateway");
    var plan = new Plan("id", 1, workload, "uid", Instant.now(), Instant.now());
    metrics.acted(NEXUS, plan, "done", "");
    metrics.delivered("telegram", Duration.ofMillis(100));
    metrics.statusWritten(NEXUS);
  }

  private static Path contract() {
    return Path.of(System.getProperty("basedir", ""), "docs", "metrics.md");
  }

  private static TreeSet<String> names(String pattern, String text) {
    var names = new TreeSet<String>();
    Pattern.compile(pattern).matcher(text).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
