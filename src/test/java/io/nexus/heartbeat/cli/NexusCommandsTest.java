package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.demo.TelegramStandIn;
import io.nexus.heartbeat.net.ScriptedServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of the Python watchdog, as a person or a crontab gives them. */
class NexusCommandsTest {
  private static final String TOKEN = "123456:ABC-DEF_abcdefghijklmnopqrstuvwxyz";

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final HttpServer gateway;
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch lookedAt = new CountDownLatch(1);
  private volatile int status = 200;

  NexusCommandsTest() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/health") ? status : 404, -1);
          exchange.close();
          lookedAt.countDown();
        });
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  @Test
  void aCheckWithoutAFileLooksAtNexus() {
    assumeTrue(System.getenv("DATABASE_URL") == null, "there is a database here");
    assertThat(check()).as("Redis is not there").isEqualTo(2);
    assertThat(out.toString())
        .containsPattern("gateway +healthy")
        .containsPattern("redis +critical.*connection refused")
        .containsPattern("postgres +unknown.*environment variable DATABASE_URL is not set")
        .containsPattern("disk +");
  }

  @Test
  void thePrintedMonitorIsValidAndMeansTheSame() throws Exception {
    assertThat(run("check", "--print-monitor", "--redis-url", "redis://:p#/@% w@localhost/0"))
        .isZero();
    var file = directory.resolve("nexus.yaml");
    Files.writeString(file, out.toString());

    assertThat(out.toString()).contains("passwordFrom").doesNotContain("p#/@");
    assertThat(run("validate", "-f", file.toString())).isZero();
    assertThat(run("check", "-f", file.toString())).as(out.toString()).isLessThanOrEqualTo(3);
    var declared = MonitorFile.parse("nexus.yaml", Files.readString(file)).monitors();
    assertThat(declared)
        .singleElement()
        .satisfies(it -> assertThat(it.getSpec().targets()).hasSize(9));
    assertThat(run("run", "--print-monitor")).isZero();
  }

  @Test
  void theEnvOfTheProjectIsReadAndNothingOfItShown() throws Exception {
    Files.writeString(
        directory.resolve(".env"),
        """
        # NEXUS
        DATABASE_URL='postgresql://nexus:s3c#r/3t@p%w @127.0.0.1:1/nexus'
        nonsense of s3c#r
        """);

    assertThat(check("--project-root", directory.toString(), "--log-level", "WARNING"))
        .isEqualTo(2);

    assertThat(out.toString()).containsPattern("postgres +critical.*connection refused");
    assertThat(err.toString()).contains(".env:3: passed over: not NAME=value");
    for (var text : new String[] {out.toString(), err.toString()}) {
      assertThat(text).doesNotContain("s3c#r").doesNotContain("s3c%23r").doesNotContain("3t@p");
    }
  }

  @Test
  void whatMakesNoMonitorIsSaidInTheOptionsWords() {
    assertThat(run("check", "--redis-url", "localhost:6379")).isEqualTo(64);
    assertThat(err.toString()).contains("--redis-url is no URL");
    assertThat(run("check", "--check-interval", "0")).isEqualTo(64);
    assertThat(run("run", "--enable-telegram", "--telegram-chat-id", "1")).isEqualTo(64);
    assertThat(err.toString()).contains("--enable-telegram needs a bot token");
    assertThat(run("check", "-f", "x.yaml", "--gateway-url", "http://a")).isEqualTo(64);
    assertThat(err.toString()).contains("-f says what is watched").doesNotContain("\tat ");
  }

  @Test
  void theUnitOfTheGatewayIsRestartedOnlyWhenThatIsAskedFor() {
    assertThat(run("run", "--print-monitor")).isZero();
    assertThat(out.toString()).doesNotContain("systemdRestart");
    assertThat(run("run", "--print-monitor", "--enable-restart")).isZero();
    assertThat(out.toString()).contains("repair: [{systemdRestart: {unit: \"nexus-gateway\"}}]");
    assertThat(run("run", "--print-monitor", "--enable-restart", "--restart-unit", "gw")).isZero();
    assertThat(out.toString()).contains("repair: [{systemdRestart: {unit: \"gw\"}}]");
    assertThat(run("run", "--enable-restart", "--restart-unit", "--user")).isEqualTo(64);
  }

  @Test
  void onlyAProjectsDirectoryIsCleaned(@TempDir Path root) {
    assertThat(run("run", "--print-monitor")).isZero();
    assertThat(out.toString()).doesNotContain("cleanup");
    assertThat(run("run", "--print-monitor", "--project-root", root.toString())).isZero();
    assertThat(out.toString())
        .contains("disk: {path: ")
        .contains("{path: logs, match: '*.log', olderThan: 168h}")
        .contains("minimumLevel: Degraded")
        .contains("{path: reports, olderThan: 168h}");
  }

  @Test
  void aDirectoryThatIsNotThereIsSaid() {
    assertThat(run("check", "--project-root", "/nope")).isEqualTo(64);
    assertThat(err.toString()).contains("--project-root: there is no directory /nope");
    assertThat(run("check", "--gateway-url", url(), "--secrets", "/nope")).isLessThanOrEqualTo(3);
    assertThat(err.toString()).contains("--secrets: there is no directory /nope");
  }

  @Test
  void aDatabaseUrlOfAnotherKindNamesItsOption() {
    assertThat(run("check", "--postgres-url", "mysql://u:s3cr3t@h/x")).isEqualTo(64);
    assertThat(err.toString())
        .contains("--postgres-url, or DATABASE_URL, must begin with postgresql://")
        .doesNotContain("s3cr3t");
  }

  @Test
  void onceTellsOnceAndAgainOnlyWhenItIsOver() throws Exception {
    try (var telegram = TelegramStandIn.start(TOKEN, List.of("42"), _ -> {})) {
      var file = monitor(telegram.url());
      var state = directory.resolve("state").toString();
      status = 503;

      assertThat(
              run("run", "--once", "-f", file, "--state", state, "--secrets", directory.toString()))
          .as(err.toString())
          .isEqualTo(2);
      assertThat(telegram.messages()).hasSize(1);
      assertThat(asked.getAndSet(0)).as("once, and once more for what is bad").isEqualTo(2);
      assertThat(
              run("run", "--once", "-f", file, "--state", state, "--secrets", directory.toString()))
          .isEqualTo(2);
      assertThat(asked.getAndSet(0)).as("what is known to be bad").isEqualTo(1);
      assertThat(telegram.messages()).as("it is known").hasSize(1);
      status = 200;
      assertThat(
              run("run", "--once", "-f", file, "--state", state, "--secrets", directory.toString()))
          .isZero();
      assertThat(telegram.messages()).hasSize(2);
    }
  }

  /** Only a look at the gateway that begins after the queue failed can tell whose fault it is. */
  @Test
  void onceTellsOfWhatDependsOnWhatIsWell() throws Exception {
    try (var telegram = TelegramStandIn.start(TOKEN, List.of("42"), _ -> {});
        var queue =
            ScriptedServer.running(
                peer -> {
                  lookedAt.await(); // so that it fails after the gateway was found well
                  ScriptedServer.write(peer, "HTTP/1.1 503 Oops\r\nContent-Length: 0\r\n\r\n");
                })) {
      var file = Path.of(monitor(telegram.url()));
      var dependent =
          "  - {name: queue, dependsOn: [gateway], http: {url: \"http://127.0.0.1:%d/\"}}%n"
              .formatted(queue.port());
      Files.writeString(file, Files.readString(file).replace("  alerts:", dependent + "  alerts:"));
      var state = directory.resolve("state").toString();

      var exit =
          run(
              "run",
              "--once",
              "-f",
              file.toString(),
              "--state",
              state,
              "--secrets",
              directory.toString());

      assertThat(exit).as(err.toString()).isEqualTo(2);
      assertThat(telegram.messages()).singleElement().asString().contains("queue", "HTTP 503");
    }
  }

  private String monitor(String telegram) throws IOException {
    Files.createDirectories(directory.resolve("telegram"));
    Files.writeString(directory.resolve("telegram").resolve("token"), TOKEN);
    var file = directory.resolve("m.yaml");
    Files.writeString(
        file,
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          targets:
          - {name: gateway, http: {url: "%s/health"}}
          alerts:
            receivers:
            - name: ops
              telegram: {chatId: "42", apiUrl: "%s", botTokenFrom: {secretKeyRef: {name: telegram, key: token}}}
        """
            .formatted(url(), telegram));
    return file.toString();
  }

  private int check(String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "check",
                "--gateway-url",
                url(),
                "--redis-url",
                "redis://127.0.0.1:1/0",
                "--ollama-url",
                "http://127.0.0.1:1"));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  private String url() {
    return "http://127.0.0.1:" + gateway.getAddress().getPort();
  }

  private int run(String... args) {
    return Typed.run(out, err, args);
  }
}
