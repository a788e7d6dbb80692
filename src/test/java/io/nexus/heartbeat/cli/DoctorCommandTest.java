package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.demo.TelegramStandIn;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a host and its configuration is named, each with what to do. */
class DoctorCommandTest {
  private static final String TOKEN = "123456:ABC-DEF_abcdefghijklmnopqrstuvwxyz";

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer web;
  private TelegramStandIn telegram;
  private Path secret;

  @BeforeEach
  void start() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/") ? 200 : 404, -1);
          exchange.close();
        });
    web.start();
    telegram = TelegramStandIn.start(TOKEN, List.of("42"), _ -> {});
    secret = directory.resolve("secrets/telegram/token");
    Files.createDirectories(secret.getParent());
    Files.writeString(secret, TOKEN + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() {
    web.stop(0);
    telegram.close();
  }

  @Test
  void whereAllIsWellEachThingIsSaidAndNobodyIsTold() throws Exception {
    assertThat(doctor(monitor("42", ""))).as("%s%s", out, err).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceFirst(":.*", "")))
        .containsExactly(
            "ok   Secret telegram, key token (alerts.receivers[ops].telegram.botTokenFrom)",
            "ok   target web (http)",
            "ok   receiver ops",
            "ok   clock",
            "ok   state directory " + directory.resolve("state"),
            "ok   address 127.0.0.1");
    assertThat(out.toString()).contains("bot Heartbeat knows chat Operations", "can be made");
    assertThat(telegram.messages()).isEmpty();
    assertThat(directory.resolve("state")).doesNotExist();
  }

  @Test
  void aTargetThatFailsIsSaidWithWhatToDoAndAnOptionalOneIsNoFuss() throws Exception {
    var file =
        monitor(
            "42",
            """
              - {name: gone, tcp: {host: 127.0.0.1, port: 1}}
              - {name: path, http: {url: "%s/none"}}
              - {name: extra, optional: true, tcp: {host: 127.0.0.1, port: 1}}
              - {name: asleep, suspend: true, tcp: {host: 127.0.0.1, port: 1}}
            """
                .formatted(url()));
    assertThat(doctor(file)).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "FAIL target gone (tcp): connection refused\n     → start it, or mend host and port",
            "FAIL target path (http): HTTP 404",
            "ok   target extra (tcp): connection refused; it is optional",
            "ok   target asleep: not tried: it is suspended");
  }

  @Test
  void aSecretThatIsMissingEmptyOrForAllToReadIsSaid() throws Exception {
    var file =
        monitor(
            "42",
            """
              - name: redis
                redis: {url: "redis://127.0.0.1:1", passwordFrom: {secretKeyRef: {name: redis, key: password}}}
              - name: other
                redis: {url: "redis://127.0.0.1:1", passwordFrom: {env: {name: NOT_SET_BY_ANYBODY}}}
              - name: extra
                optional: true
                redis: {url: "redis://127.0.0.1:1", passwordFrom: {env: {name: NOT_SET_EITHER}}}
            """);
    assertThat(doctor(file)).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "FAIL Secret redis, key password (targets[redis].redis.passwordFrom): Secret redis, key"
                + " password: there is no file "
                + directory.resolve("secrets/redis/password"),
            "FAIL environment variable NOT_SET_BY_ANYBODY",
            "ok   environment variable NOT_SET_EITHER",
            "→ set NOT_SET_BY_ANYBODY where heartbeat is started");

    out.getBuffer().setLength(0);
    Files.writeString(secret, "\n");
    assertThat(doctor(monitor("42", ""))).isEqualTo(1);
    assertThat(out.toString()).contains("FAIL Secret telegram", "token is empty");

    out.getBuffer().setLength(0);
    Files.writeString(secret, TOKEN);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor(monitor("42", ""))).as("the directory is closed").isZero();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (var open : List.of(secret.getParent(), secret.getParent().getParent())) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    assertThat(doctor(monitor("42", ""))).isEqualTo(1);
    assertThat(out.toString())
        .contains("every user of this machine can read " + secret, "→ chmod o= " + secret);
  }

  @Test
  void whatTelegramRefusesIsSaidWithWhatToDo() throws Exception {
    assertThat(doctor(monitor("43", ""))).isEqualTo(1);
    assertThat(out.toString()).contains("chat not found", "→ write /start to the bot");
    telegram.next(new TelegramStandIn.Fault.Blocked());
    assertThat(doctor(monitor("42", ""))).isEqualTo(1);
    assertThat(out.toString()).contains("bot was kicked", "→ add the bot to chat 42 again");
    Files.writeString(secret, "999:ABC-DEF_abcdefghijklmnopqrstuvwxyz");
    assertThat(doctor(monitor("42", ""))).isEqualTo(1);
    assertThat(out.toString())
        .contains("Telegram says 'Unauthorized'", "→ the bot token in Secret telegram, key token");
    Files.writeString(secret, "no token");
    assertThat(doctor(monitor("42", ""))).isEqualTo(1);
    assertThat(out.toString()).contains("is not a bot token").doesNotContain("ABC-DEF_abc");
    assertThat(telegram.messages()).isEmpty();
  }

  @Test
  void aStateDirectoryThatCannotBeOneAndAPortThatIsTakenAreSaid() throws Exception {
    Files.writeString(directory.resolve("state"), "a file");
    var port = web.getAddress().getPort();
    assertThat(doctor(monitor("42", ""), "--listen", "127.0.0.1:" + port)).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "is a file, not a directory\n     → give another with --state",
            "FAIL address 127.0.0.1:" + port + " (--listen): cannot be listened on");
  }

  @Test
  void whatAHeartbeatThatRunsHoldsIsSaidAndNotTaken() throws Exception {
    var state = Files.createDirectory(directory.resolve("state"));
    var file = monitor("42", "");
    try (var other =
        new RunProcess(
            directory,
            Map.of(),
            "run",
            "-f",
            file,
            "--secrets",
            directory.resolve("secrets").toString(),
            "--state",
            state.toString(),
            "--listen",
            "127.0.0.1:0")) {
      await().atMost(60, TimeUnit.SECONDS).until(() -> other.said().contains("watches"));
      for (var time = 0; time < 2; time++) {
        out.getBuffer().setLength(0);
        assertThat(doctor(file)).as(out.toString()).isZero();
        assertThat(out.toString())
            .containsPattern(
                "ok   state directory .*: in use by a heartbeat that runs, process \\d+\n");
      }
      assertThat(other.isAlive()).isTrue();
    }
    out.getBuffer().setLength(0);
    assertThat(doctor(file)).as(out.toString()).isZero();
  }

  @Test
  void aProgramCanReadIt() throws Exception {
    doctor(monitor("43", ""), "-o", "json");
    var json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("well").asBoolean()).isFalse();
    var receiver = json.path("findings").path(2);
    assertThat(receiver.path("subject").asText()).isEqualTo("receiver ops");
    assertThat(receiver.path("fix").asText()).isNotEmpty();
  }

  @Test
  void aBrokenFileIsNamedAndNothingTried() throws Exception {
    var file = monitor("42", "  - {name: a, htpp: {}}\n");
    assertThat(doctor(file)).isEqualTo(78);
    assertThat(err.toString()).contains("unknown field 'htpp'").doesNotContain("\tat ");
    assertThat(telegram.requests()).isZero();
  }

  @Test
  void theOptionsOfThePythonWatchdogAreTriedToo() throws Exception {
    var args =
        new String[] {
          "doctor",
          "--gateway-url",
          url(),
          "--redis-url",
          "redis://:s3cret-s3cret@127.0.0.1:1",
          "--project-root",
          directory.toString(),
          "--state",
          directory.resolve("s").toString(),
          "--listen",
          "127.0.0.1:0"
        };
    assertThat(run(args)).isEqualTo(1);
    assertThat(out.toString())
        .contains("ok   environment variable REDIS_PASSWORD", "FAIL target redis (redis)")
        .doesNotContain("s3cret");
  }

  private String monitor(String chat, String more) throws IOException {
    var file = directory.resolve("m.yaml");
    Files.writeString(
        file,
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          targets:
          - {name: web, http: {url: "%s/"}}
        %s  alerts:
            receivers:
            - name: ops
              telegram: {chatId: "%s", apiUrl: "%s", botTokenFrom: {secretKeyRef: {name: telegram, key: token}}}
        """
            .formatted(url(), more, chat, telegram.url()));
    return file.toString();
  }

  private int doctor(String file, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "doctor",
                "-f",
                file,
                "--secrets",
                directory.resolve("secrets").toString(),
                "--state",
                directory.resolve("state").toString()));
    if (!List.of(more).contains("--listen")) {
      all.addAll(List.of("--listen", "127.0.0.1:0"));
    }
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  private String url() {
    return "http://127.0.0.1:" + web.getAddress().getPort();
  }

  private int run(String... args) {
    return Typed.run(out, err, args);
  }
}
