package io.nexus.heartbeat.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.PushAnswer;
import io.nexus.heartbeat.engine.TargetView;
import io.nexus.heartbeat.reading.Measurements;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page that the predecessor's gateway had, and who may read it. */
class HealthPageTest {
  private static final MonitorKey NEXUS = new MonitorKey("prod", "nexus");
  private static final MonitorKey SHOP = new MonitorKey("shop", "shop");
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final List<TargetView> views = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private ManagementServer server;

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void eachTargetIsAComponentAndTheWorstThatCountsIsTheWhole() throws Exception {
    serve(LocalReaders.of(LOOPBACK, null));
    views.add(view(NEXUS, "gateway", Level.Healthy, "", true));
    views.add(view(NEXUS, "redis", Level.Degraded, "memoryPercent 82 is over 80", true));
    views.add(view(NEXUS, "models", Level.Critical, "connection refused", false));

    var page = json("/api/health/detailed");
    assertThat(page.path("overall_status").asText()).isEqualTo("degraded");
    assertThat(page.path("has_critical").asBoolean()).isFalse();
    assertThat(Instant.parse(page.path("timestamp").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(page.path("components").path("gateway").toString())
        .isEqualTo(
            "{\"component\":\"gateway\",\"status\":\"healthy\",\"message\":\"200 in 12 ms\","
                + "\"details\":{\"status\":\"200\"},\"checked_at\":\"2026-11-23T20:00:00Z\"}");
    assertThat(page.path("components").path("redis").path("message").asText())
        .isEqualTo("memoryPercent 82 is over 80");
  }

  @Test
  void severalMonitorsAreToldApartAndEachHasAPageOfItsOwn() throws Exception {
    serve(LocalReaders.of(LOOPBACK, null));
    views.add(view(NEXUS, "gateway", Level.Critical, "timed out", true));
    views.add(view(SHOP, "gateway", Level.Healthy, "", true));

    assertThat(json("/api/health/detailed").path("components").fieldNames())
        .toIterable()
        .containsExactly("prod/nexus/gateway", "shop/shop/gateway");
    assertThat(json("/api/health/detailed").path("has_critical").asBoolean()).isTrue();
    var shop = json("/api/health/detailed/shop/shop");
    assertThat(shop.path("overall_status").asText()).isEqualTo("healthy");
    assertThat(shop.path("components").fieldNames()).toIterable().containsExactly("gateway");
    assertThat(get("/api/health/detailed/shop/nope", null).statusCode()).isEqualTo(404);
    assertThat(get("/api/health/detailed/shop", null).statusCode()).isEqualTo(404);
    assertThat(get("/api/health/detailedx", null).statusCode()).isEqualTo(404);
  }

  @Test
  void whereNothingIsWatchedNothingIsKnown() throws Exception {
    serve(LocalReaders.of(LOOPBACK, null));
    assertThat(json("/api/health/detailed").path("overall_status").asText()).isEqualTo("unknown");
  }

  @Test
  void aWebPageWhoseNameLeadsHereReadsNothing() throws Exception {
    serve(LocalReaders.of(LOOPBACK, null));
    assertThat(statusLineFor("evil.example")).contains("403");
    assertThat(statusLineFor("localhost.evil.example")).contains("403");
    assertThat(statusLineFor("127.0.0.1:" + port())).contains("200");
    assertThat(statusLineFor("LOCALHOST")).contains("200");
  }

  @Test
  void beyondThisMachineOnlyTheTokenOpens() throws Exception {
    var anywhere = new InetSocketAddress(0);
    serve(LocalReaders.of(anywhere, null));
    var denied = get("/api/health/detailed", null);
    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(denied.body()).contains("--token-file");
    server.close();

    serve(LocalReaders.of(anywhere, "s3cret"));
    assertThat(get("/api/health/detailed", null).statusCode()).isEqualTo(401);
    assertThat(get("/api/health/detailed", "Bearer s3cre").statusCode()).isEqualTo(401);
    assertThat(get("/api/health/detailed", "Bearer s3cret").statusCode()).isEqualTo(200);
  }

  @Test
  void onlyWhatTheReaderMaySeeIsShownAndCounted() throws Exception {
    serve(_ -> new Readers.Admission.Granted(Set.of(SHOP)));
    views.add(view(NEXUS, "gateway", Level.Critical, "timed out", true));
    views.add(view(SHOP, "web", Level.Healthy, "", true));
    var page = json("/api/health/detailed");
    assertThat(page.path("overall_status").asText()).isEqualTo("healthy");
    assertThat(page.toString()).doesNotContain("nexus", "timed out");
  }

  private void serve(Readers readers) throws IOException {
    var content =
        new ManagementServer.Content(
            MetricsTest.watching(views),
            Optional::empty,
            Optional::empty,
            () -> views,
            (_, _, _, _) -> PushAnswer.NotHere);
    server = ManagementServer.start(LOOPBACK, "--listen", content, readers);
  }

  private static TargetView view(
      MonitorKey monitor, String target, Level level, String message, boolean counts) {
    var measured = Measurements.NONE.with("status", "200"); // a word, as http has it
    var at = Instant.parse("2026-11-23T20:00:00Z");
    return new TargetView(
        monitor,
        target,
        "http",
        level,
        message,
        measured,
        at,
        Duration.ofMillis(12),
        false,
        counts);
  }

  private int port() {
    return server.address().getPort();
  }

  private JsonNode json(String path) throws Exception {
    var answer = get(path, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private HttpResponse<String> get(String path, @Nullable String authorization) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Java's client sets Host itself. */
  private String statusLineFor(String host) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /api/health/detailed HTTP/1.1\r\nHost: "
                      + host
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElseThrow();
    }
  }
}
