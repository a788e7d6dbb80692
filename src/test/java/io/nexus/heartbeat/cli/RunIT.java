package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.demo.TelegramStandIn;
import io.nexus.heartbeat.posix.IgnoredSignals;
import io.nexus.heartbeat.posix.NotifyListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code heartbeat run} as a service: its files, its signals, systemd, its port. */
@Timeout(180)
@EnabledOnOs({OS.LINUX, OS.MAC})
class RunIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String TOKEN = "123456:telegram-token-of-a-test";

  @TempDir private Path directory;
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer web;
  private Path file;
  private int port;

  @BeforeEach
  void start() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    web.createContext(
        "/well",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    web.createContext(
        "/hangs",
        exchange -> {
          try (exchange) {
            over.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    web.start();
    file = directory.resolve("monitor.yaml");
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() {
    over.countDown();
    web.stop(0);
  }

  @Test
  void anEditIsTakenOverAndABrokenOneChangesNothing() throws Exception {
    IgnoredSignals.assumeHeard(IgnoredSignals.HUP);
    write(monitor("nexus", "gateway", "/well"));
    try (var run = run(Map.of())) {
      eventually(() -> assertThat(state("nexus")).contains("\"Healthy\"", "gateway"));

      write(monitor("nexus", "queue", "/well"));
      eventually(() -> assertThat(state("nexus")).contains("\"queue\"").doesNotContain("gateway"));
      eventually(
          () -> assertThat(run.said()).contains("read the files again: changed default/nexus"));

      write(monitor("nexus", "queue", "/well").replace("url:", "urll:"));
      eventually(() -> assertThat(metrics()).contains("heartbeat_config_stale 1.0"));
      assertThat(run.said()).contains("urll").contains("What ran before goes on");
      assertThat(metrics()).contains("heartbeat_target_level{").contains("target=\"queue\"");

      Files.delete(file);
      run.signal("HUP");
      eventually(() -> assertThat(run.said()).contains("there is no file " + file));

      write(monitor("nexus", "queue", "/well") + "---\n" + monitor("second", "web", "/well"));
      run.signal("HUP");
      eventually(() -> assertThat(state("second")).contains("\"Healthy\""));
      assertThat(metrics()).contains("heartbeat_config_stale 0.0");

      write(monitor("second", "web", "/well"));
      eventually(() -> assertThat(stateFile("nexus")).doesNotExist());
      eventually(() -> assertThat(run.said()).contains("removed default/nexus"));
      assertThat(run.isAlive()).isTrue();
    }
  }

  @Test
  void sigtermEndsItInOrderWithinFiveSecondsWhateverHangs() throws Exception {
    write(monitor("nexus", "gateway", "/hangs") + alerts("/hangs"));
    try (var run = run(Map.of("TOKEN", "123456:telegram-token-of-a-test"))) {
      eventually(() -> assertThat(metrics()).contains("heartbeat_alerts_undelivered 1.0"));
      var told = System.nanoTime();
      run.signal("TERM");
      assertThat(run.exitCode(20)).as(run.said()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(5));
      assertThat(run.said()).contains("stopping").doesNotContain("\tat ");
    }
  }

  @Test
  void whatWasOpenIsSaidAtTheNextStartAndClosedWhenNobodyDeclaresItAnyMore() throws Exception {
    try (var telegram = TelegramStandIn.start(TOKEN, List.of("1"), _ -> {})) {
      write(monitor("nexus", "gateway", "/nowhere") + alertsBy(telegram.url()));
      try (var run = run(Map.of())) {
        eventually(() -> assertThat(telegram.messages()).hasSize(1));
        eventually(() -> assertThat(state("nexus")).contains("messageId"));
        run.signal("TERM");
        assertThat(run.exitCode(20)).as(run.said()).isZero();
      }
      try (var run = run(Map.of())) {
        eventually(
            () ->
                assertThat(run.said())
                    .contains("default/nexus: it goes on with what was wrong before: gateway"));
        run.signal("TERM");
        assertThat(run.exitCode(20)).as(run.said()).isZero();
      }
      assertThat(telegram.messages()).as("it is known").hasSize(1);

      var copy = stateFile("nexus").resolveSibling("default.nexus.bak.json");
      Files.copy(stateFile("nexus"), copy);
      var other = stateFile("nexus").resolveSibling("default.other.json");
      Files.writeString(
          other,
          state("nexus")
              .replace("default/nexus", "default/other")
              .replace(file.toString(), "/etc/heartbeat/others.yaml"));
      write(monitor("second", "web", "/well"));
      try (var run = run(Map.of())) {
        eventually(() -> assertThat(telegram.messages()).hasSize(2));
        assertThat(telegram.messages().getLast().toString()).contains("gateway");
        eventually(() -> assertThat(stateFile("nexus")).doesNotExist());
        assertThat(run.said()).contains("default/nexus is declared no more and has ended");
        assertThat(copy).as("a copy is nobody's").exists();
        assertThat(other).as("others may watch what other files declare").exists();
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void systemdIsToldWhatItAsksFor() throws Throwable {
    IgnoredSignals.assumeHeard(IgnoredSignals.HUP);
    write(monitor("nexus", "gateway", "/nowhere"));
    var socket = directory.resolve("notify");
    var told = new ArrayList<String>();
    try (var systemd = new NotifyListener(socket);
        var run = run(Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "30000000"))) {
      eventually(
          () -> {
            drain(systemd, told);
            assertThat(told)
                .contains("READY=1", "WATCHDOG=1")
                .anyMatch(line -> line.startsWith("STATUS=0/1, gateway: HTTP 404 Not Found"));
          });
      run.signal("HUP");
      eventually(
          () -> {
            drain(systemd, told);
            assertThat(told).anyMatch(line -> line.startsWith("RELOADING=1\nMONOTONIC_USEC="));
          });
      run.signal("TERM");
      assertThat(run.exitCode(20)).isZero();
      drain(systemd, told);
      assertThat(told).endsWith("STOPPING=1").filteredOn("READY=1"::equals).hasSize(2);
    }
  }

  @Test
  void aBusyPortIsSaidAndTakenWhenItIsFreeAndChecksGoOn() throws Exception {
    write(monitor("nexus", "gateway", "/well"));
    var other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    try (other;
        var run = run(Map.of())) {
      eventually(() -> assertThat(state("nexus")).contains("\"Healthy\""));
      assertThat(run.said()).contains("port " + port + " is in use", "Checks go on");
      other.close();
      eventually(() -> assertThat(metrics()).contains("heartbeat_targets 1.0"));
    }
  }

  private RunProcess run(Map<String, String> environment) throws IOException {
    return new RunProcess(
        directory,
        environment,
        "run",
        "-f",
        file.toString(),
        "--state",
        directory.resolve("state").toString(),
        "--secrets",
        directory.resolve("secrets").toString(),
        "--listen",
        "127.0.0.1:" + port);
  }

  private void write(String yaml) throws IOException {
    Files.writeString(file, yaml);
  }

  private String monitor(String name, String target, String path) {
    return """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: %s}
        spec:
          interval: 1s
          timeout: 1s
          targets:
          - name: %s
            failureThreshold: 1
            http: {url: "%s"}
        """
        .formatted(name, target, url(path));
  }

  private String alerts(String api) throws IOException {
    return alertsBy(url(api));
  }

  private String alertsBy(String api) throws IOException {
    var token = Files.createDirectories(directory.resolve("secrets/telegram")).resolve("token");
    Files.writeString(token, TOKEN);
    return """
          alerts:
            receivers:
            - name: ops
              telegram:
                chatId: "1"
                apiUrl: "%s"
                botTokenFrom: {secretKeyRef: {name: telegram, key: token}}
        """
        .formatted(api);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + web.getAddress().getPort() + path;
  }

  private Path stateFile(String monitor) {
    return directory.resolve("state/default." + monitor + ".json");
  }

  private String state(String monitor) throws IOException {
    assertThat(stateFile(monitor)).exists();
    return Files.readString(stateFile(monitor));
  }

  private String metrics() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static void drain(NotifyListener systemd, List<String> told) throws Throwable {
    for (var next = systemd.next(); next.isPresent(); next = systemd.next()) {
      told.add(next.get());
    }
  }

  private static void eventually(ThrowingRunnable seen) {
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(seen);
  }
}
