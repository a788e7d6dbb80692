package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.demo.TelegramStandIn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Buttons of a {@code heartbeat run} that is a process of its own. */
@Timeout(240)
@EnabledOnOs(OS.LINUX)
class ButtonsOnAHostIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CANARY = "canary-that-nobody-may-ever-see";
  private static final long ALICE = 42;

  @TempDir private Path directory;
  private HttpServer web;
  private TelegramStandIn telegram;

  @BeforeEach
  void start() throws IOException {
    telegram = TelegramStandIn.start("123456:" + CANARY, List.of("1"), _ -> {});
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    web.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(Files.exists(directory.resolve("ok")) ? 204 : 503, -1);
          exchange.close();
        });
    web.start();
    var program =
        Files.writeString(
            directory.resolve("systemctl"),
            """
            #!/bin/sh
            d=$(dirname "$0"); shift 3
            case $1 in
              show)
                printf 'Type=simple\\nMainPID=1\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\nInvocationID=%s\\n' "$(cat $d/run)" ;;
              restart) echo "$@" >> $d/calls; echo "$$" > $d/run; touch $d/ok ;;
            esac
            """);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(directory.resolve("calls"), "");
    Files.writeString(directory.resolve("run"), "1");
    Files.writeString(directory.resolve("ok"), "");
    var token = Files.createDirectories(directory.resolve("secrets/telegram")).resolve("token");
    Files.writeString(token, "123456:" + CANARY);
    Files.writeString(
        directory.resolve("monitor.yaml"),
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          interval: 1s
          recovery: {mode: Approve, cooldown: 1s}
          alerts:
            receivers:
            - name: ops
              telegram:
                chatId: "1"
                apiUrl: "%s"
                allowedUsers: ["42"]
                botTokenFrom: {secretKeyRef: {name: telegram, key: token}}
          targets:
          - name: gateway
            failureThreshold: 1
            http: {url: "http://127.0.0.1:%d/"}
            repair:
            - systemdRestart: {unit: gateway}
              verify: {successes: 2, within: 5s}
        """
            .formatted(telegram.url(), web.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    web.stop(0);
    telegram.close();
  }

  @Test
  void aPersonPressesAndTheUnitIsRestartedOnce() throws Exception {
    try (var run = run("run")) {
      eventually(() -> assertThat(state()).contains("\"armed\":[{"));
      Files.delete(directory.resolve("ok"));
      eventually(() -> assertThat(telegram.buttons().under(1)).hasSize(2));
      var carried = telegram.buttons().data(1, "Approve");
      for (var press = 0; press < 3; press++) {
        telegram.buttons().press(1, "Approve", 666);
      }
      eventually(() -> assertThat(telegram.buttons().shown()).hasSize(3));
      assertThat(telegram.buttons().shown()).allMatch(it -> it.words().contains("not allowed"));
      assertThat(calls()).isEmpty();
      assertThat(telegram.buttons().under(1)).as("they are still Alice's").hasSize(2);

      telegram.buttons().press(1, 1, carried, ALICE);
      telegram.buttons().press(1, 1, carried, ALICE);
      eventually(() -> assertThat(telegram.buttons().shown()).hasSize(5));
      eventually(() -> assertThat(run.said()).contains("and gateway is well again: 2 checks"));
      assertThat(calls()).containsExactly("restart -- gateway.service");
      eventually(() -> assertThat(telegram.buttons().under(1)).isEmpty());
      assertThat(run.said())
          .contains("approve, by telegram:42: gateway: restart gateway.service is approved")
          .containsOnlyOnce("telegram:666 pressed a button")
          .doesNotContain("\tat ");
      nothingLeaks(run, carried);
    }
  }

  @Test
  void whatIsWellAgainByItselfTakesItsButtonsAwayAndALatePressChangesNothing() throws Exception {
    try (var run = run("run")) {
      eventually(() -> assertThat(state()).contains("\"armed\":[{"));
      Files.delete(directory.resolve("ok"));
      eventually(() -> assertThat(telegram.buttons().under(1)).hasSize(2));
      var carried = telegram.buttons().data(1, "Approve");
      eventually(() -> assertThat(state()).contains("\"keyboard\":{"));
      Files.writeString(directory.resolve("ok"), "");
      eventually(() -> assertThat(telegram.buttons().under(1)).isEmpty());
      eventually(() -> assertThat(telegram.messages().getLast().text()).contains("Resolved"));
      telegram.buttons().press(1, 1, carried, ALICE);
      eventually(() -> assertThat(telegram.buttons().shown()).hasSize(1));
      assertThat(telegram.buttons().shown().getFirst().words()).isEqualTo("No longer waiting.");
      assertThat(calls()).isEmpty();
      nothingLeaks(run, carried);
    }
  }

  @Test
  void underCronOneRunAsksAndTheNextDoesWhatWasPressed() throws Exception {
    assertThat(once()).isZero();
    Files.delete(directory.resolve("ok"));
    assertThat(once()).isEqualTo(2);
    assertThat(telegram.buttons().under(1)).hasSize(2);
    telegram.buttons().press(1, "Approve", ALICE);

    assertThat(once()).isZero();
    assertThat(calls()).containsExactly("restart -- gateway.service");
    assertThat(telegram.buttons().shown().getFirst().words())
        .isEqualTo("gateway: restart gateway.service is approved");
    assertThat(telegram.buttons().under(1)).isEmpty();
    assertThat(telegram.buttons().unconfirmed()).isZero();
    assertThat(once()).isZero();
    assertThat(calls()).hasSize(1);
  }

  @Test
  void whatStandsInTheWayIsSaidOnceWithoutTheToken() throws Exception {
    telegram.buttons().webhook(true);
    try (var run = run("run")) {
      eventually(
          () ->
              assertThat(run.said())
                  .contains("buttons for [default/nexus] do not work: ", "deleteWebhook"));
      eventually(() -> assertThat(state()).contains("NotListening"));
      var polls = telegram.buttons().polls();
      eventually(() -> assertThat(telegram.buttons().polls()).isGreaterThan(polls));
      assertThat(run.said()).containsOnlyOnce("do not work");
      nothingLeaks(run, CANARY);
      telegram.buttons().webhook(false);
      eventually(() -> assertThat(run.said()).contains("buttons for [default/nexus] work again"));
    }
  }

  /** Neither the bot's token nor what a button carries, in anything that was written. */
  private void nothingLeaks(RunProcess run, String carried) throws IOException {
    var nonce = carried.substring(carried.lastIndexOf(':') + 1);
    assertThat(run.said()).doesNotContain(CANARY, nonce);
    try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(CANARY, nonce);
      }
    }
  }

  private int once() throws Exception {
    try (var run = run("run", "--once")) {
      return run.exitCode(90);
    }
  }

  private RunProcess run(String... command) throws IOException {
    var line = new ArrayList<>(List.of(command));
    line.addAll(
        List.of(
            "-f",
            directory.resolve("monitor.yaml").toString(),
            "--state",
            directory.resolve("state").toString(),
            "--secrets",
            directory.resolve("secrets").toString(),
            "--listen",
            "127.0.0.1:0"));
    return new RunProcess(
        directory,
        Map.of("PATH", directory + ":" + System.getenv("PATH")),
        line.toArray(String[]::new));
  }

  private String state() throws IOException {
    return Files.readString(directory.resolve("state/default.nexus.json"));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }

  private static void eventually(org.awaitility.core.ThrowingRunnable seen) {
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(seen);
  }
}
