package io.nexus.heartbeat.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.decide.Signal;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.PushAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private final AtomicReference<Optional<String>> sick = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<String>> notReady =
      new AtomicReference<>(Optional.empty());
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private volatile PushAnswer answer = PushAnswer.Stored;
  private ManagementServer server;

  @BeforeEach
  void start() throws IOException {
    server = serving(100, "t");
  }

  private ManagementServer serving(int targets, String named) throws IOException {
    var views =
        IntStream.range(0, targets)
            .mapToObj(i -> MetricsTest.view(named + i, Level.Healthy))
            .toList();
    return ManagementServer.start(
        loopback(0),
        "--port",
        new ManagementServer.Content(
            MetricsTest.watching(views), sick::get, notReady::get, () -> views, this::pushed),
        LocalReaders.of(loopback(0), null));
  }

  private PushAnswer pushed(MonitorKey monitor, String target, Signal signal, String token) {
    taken.add(monitor + "/" + target + " " + signal + " " + token);
    return answer;
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void itIsHealthyWhileNothingIsWrong() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(text("/healthz")).isEqualTo("ok\n");
  }

  @Test
  void itIsNotHealthyWhenSomethingIsAndSaysWhat() throws Exception {
    sick.set(Optional.of("3 checks are overdue"));

    assertThat(get("/healthz").statusCode()).isEqualTo(503);
    assertThat(text("/healthz")).isEqualTo("3 checks are overdue\n");
  }

  @Test
  void itIsNotHealthyWhenThatCannotBeTold() throws Exception {
    sick.set(null); // so asking fails

    assertThat(get("/healthz").statusCode()).isEqualTo(503);
    assertThat(text("/healthz")).contains("cannot be told").doesNotContain("null");
  }

  @Test
  void whatATargetSaysIsTakenWithItsToken() throws Exception {
    assertThat(push("POST", "/push/nexus/nexus/backup", "s3cr3t").statusCode()).isEqualTo(200);
    assertThat(push("GET", "/push/nexus/nexus/backup/start?token=s%2Fx", "").statusCode())
        .isEqualTo(200);
    assertThat(push("GET", "/push/nexus/nexus/backup/fail", "t").statusCode()).isEqualTo(200);
    assertThat(push("GET", "/push/nexus/nexus/backup/137", "t").statusCode()).isEqualTo(200);
    assertThat(push("POST", "/push/nexus/nexus/backup/0", "t").statusCode()).isEqualTo(200);
    assertThat(taken)
        .containsExactly(
            "nexus/nexus/backup End[well=true, exitCode=null] s3cr3t",
            "nexus/nexus/backup Start[] s/x",
            "nexus/nexus/backup End[well=false, exitCode=null] t",
            "nexus/nexus/backup End[well=false, exitCode=137] t",
            "nexus/nexus/backup End[well=true, exitCode=0] t");
  }

  @Test
  void whatIsNotThereLooksLikeAWrongTokenAndWhatIsNotStoredIsNotConfirmed() throws Exception {
    answer = PushAnswer.NotHere;
    var wrong = push("POST", "/push/nexus/nexus/backup", "wrong");
    var nowhere = push("POST", "/push/nexus", "any");
    assertThat(wrong.statusCode()).isEqualTo(404);
    assertThat(wrong.body()).isEqualTo(nowhere.body());
    assertThat(wrong.headers().map().keySet()).isEqualTo(nowhere.headers().map().keySet());
    answer = PushAnswer.TryAgain;
    assertThat(push("POST", "/push/nexus/nexus/backup", "t").statusCode()).isEqualTo(503);
    answer = PushAnswer.TooMany;
    assertThat(push("POST", "/push/nexus/nexus/backup", "t").statusCode()).isEqualTo(429);
    assertThat(push("POST", "/push/nexus/nexus/backup/256", "t").statusCode()).isEqualTo(400);
    assertThat(push("PUT", "/push/nexus/nexus/backup", "t").statusCode()).isEqualTo(405);
    assertThat(push("POST", "/metrics", "t").statusCode()).isEqualTo(405);
  }

  private HttpResponse<String> push(String method, String path, String token) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .method(method, HttpRequest.BodyPublishers.ofString("the job's output, not read"));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void itSaysInOneLineWhyItIsNotReady() throws Exception {
    notReady.set(Optional.of("waiting for the API server\nat 10.0.0.1"));

    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(text("/readyz")).isEqualTo("waiting for the API server at 10.0.0.1\n");

    notReady.set(Optional.empty());
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsComeInTheFormatTheScraperAccepts() throws Exception {
    var plain = get("/metrics");
    var open = get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1");

    assertThat(plain.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(open.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(new String(plain.body(), UTF_8)).contains("heartbeat_target_level{");
    assertThat(new String(open.body(), UTF_8)).endsWith("# EOF\n");
  }

  @Test
  void metricsAreCompressedForWhoTakesThat() throws Exception {
    var response = get("/metrics", "Accept-Encoding", "gzip");

    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      assertThat(new String(gzip.readAllBytes(), UTF_8)).contains("heartbeat_target_level{");
    }
  }

  @Test
  void readersThatTakeNothingHoldNoMoreThanTheScrapesAtOnceAndNeverHealth() throws Exception {
    server.close();
    server = serving(LiveGauges.MOST_TARGETS, "x".repeat(200)); // more than the system buffers
    try (var _ = readsNothing();
        var _ = readsNothing()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(get("/metrics").statusCode()).isEqualTo(503));
      assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get("/metrics").statusCode()).isEqualTo(200));
  }

  private Socket readsNothing() throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(server.address());
    socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
    return socket;
  }

  @Test
  void everyOtherPathListsThoseThereAre() throws Exception {
    for (var path : List.of("/", "/metrics/", "/healthz2", "/..%2fhealthz")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
      assertThat(text(path)).isEqualTo("/healthz\n/readyz\n/metrics\n/api/health/detailed\n");
    }
  }

  @Test
  void onlyGetAndHeadAreAnswered() throws Exception {
    var post =
        client.send(
            request("/healthz")
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                .build(),
            BodyHandlers.ofString());
    var head = client.send(request("/healthz").HEAD().build(), BodyHandlers.ofString());

    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).contains("3");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aPortThatIsTakenIsNamedWithTheOptionThatChoosesAnother() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> startOn(loopback(taken.getLocalPort())))
          .isInstanceOf(IOException.class)
          .hasMessage("port " + taken.getLocalPort() + " is in use; choose another with --port");
    }
  }

  @Test
  void anAddressThatIsNotOursIsNamed() {
    assertThatThrownBy(() -> startOn(new InetSocketAddress("192.0.2.1", 8080)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("192.0.2.1:8080")
        .hasMessageContaining("--port");
    assertThatThrownBy(() -> startOn(InetSocketAddress.createUnresolved("no.such.host", 1)))
        .hasMessageContaining("no such host");
  }

  private static void startOn(InetSocketAddress address) throws IOException {
    var metrics = new Metrics("test");
    var content =
        new ManagementServer.Content(
            metrics,
            Optional::empty,
            Optional::empty,
            List::of,
            (_, _, _, _) -> PushAnswer.NotHere);
    ManagementServer.start(address, "--port", content, LocalReaders.of(address, null)).close();
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private String text(String path) throws Exception {
    return new String(get(path).body(), UTF_8);
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    var request = request(path).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }
}
