package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Repair by the program as a process of its own, killed with SIGKILL, and as cron runs it. A script
 * stands in for systemctl: systemd is the first process of a machine, which a test cannot be. With
 * a real one this is tried by packaging/test-systemd.
 */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class HostRepairIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private HttpServer web;

  @BeforeEach
  void start() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    web.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(Files.exists(directory.resolve("ok")) ? 204 : 503, -1);
          exchange.close();
        });
    web.start();
    program(
        "systemctl",
        """
        d=$(dirname "$0"); shift 3; dies() { kill -9 $PPID; sleep 60; }
        case $1 in
          show)
            [ ! -f $d/kill-planned ] || ! grep -q '"phase":"Planned"' $d/state/default.nexus.json || { rm $d/kill-planned; dies; }
            printf 'Type=simple\\nMainPID=1\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\nInvocationID=%s\\n' "$(cat $d/run)" ;;
          restart)
            [ ! -f $d/kill-first ] || { rm $d/kill-first; dies; }
            echo "$@" >> $d/calls
            [ ! -f $d/refused ] || { echo 'Failed to restart gateway.service: Access denied' >&2; exit 4; }
            echo "$$" > $d/run
            [ ! -f $d/mends ] || touch $d/ok
            [ ! -f $d/kill-last ] || { rm $d/kill-last; dies; } ;;
        esac
        """);
    write("calls", "");
    write("run", "1");
    write("ok", "");
  }

  @AfterEach
  void stop() {
    web.stop(0);
  }

  private enum Killed {
    BEFORE_IT_IS_BEGUN("kill-planned"),
    BEGUN_AND_NOTHING_DONE("kill-first"),
    DONE_AND_NOT_ENDED("kill-last"),
    ENDED("");

    private final String by;

    Killed(String by) {
      this.by = by;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoeverIsKilledWheneverAUnitIsRestartedOnce(Killed killed) throws Exception {
    write("mends", "");
    monitor("verify: {successes: 2, within: 2s}", "{cooldown: 1s}");
    try (var run = run("run")) {
      armed();
      if (!killed.by.isEmpty()) {
        write(killed.by, "");
      }
      Files.delete(directory.resolve("ok"));
      if (killed == Killed.ENDED) {
        eventually(() -> assertThat(journal()).contains("\"Ended\""));
        run.signal("KILL");
      }
      assertThat(run.exitCode(90)).isEqualTo(137);
    }
    try (var run = run("run")) {
      eventually(() -> assertThat(run.said()).contains("and gateway is well again: 2 checks"));
      eventually(() -> assertThat(incidents()).isEmpty());
      assertThat(calls()).containsExactly("restart -- gateway.service");
      assertThat(run.said()).doesNotContain("\tat ");
    }
  }

  @Test
  void underCronAttemptsCooldownAndBudgetOutliveEachRun() throws Exception {
    monitor(
        "verify: {successes: 2, within: 1s}", "{cooldown: 10m, budget: {actions: 2, per: 24h}}");
    assertThat(once()).isZero();
    Files.delete(directory.resolve("ok"));
    for (var run = 0; run < 3; run++) {
      assertThat(once()).isEqualTo(2);
      assertThat(calls()).hasSize(1);
      assertThat(repair().path("attempts").asInt()).isEqualTo(1);
    }
    assertThat(repair().path("message").asText()).startsWith("cooldown: 10 min after the last act");

    monitor("verify: {successes: 2, within: 1s}", "{cooldown: 1s, budget: {actions: 2, per: 24h}}");
    for (var run = 0; run < 3; run++) {
      assertThat(once()).isEqualTo(2);
      assertThat(calls()).hasSize(2);
    }
    assertThat(repair().path("message").asText()).startsWith("budget: 2 of 2 acts in");

    monitor("verify: {successes: 2, within: 1s}", "{cooldown: 1s, maxAttempts: 2}");
    assertThat(once()).isEqualTo(2);
    assertThat(repair().path("phase").asText()).isEqualTo("Exhausted");
    assertThat(calls()).hasSize(2);
  }

  @Test
  void aRestartThatFailsSaysWhyAndIsNotCalledDisabled() throws Exception {
    write("refused", "");
    monitor("verify: {successes: 2, within: 1s}", "{cooldown: 10m}");
    assertThat(once()).isZero();
    Files.delete(directory.resolve("ok"));
    try (var run = run("run", "--once")) {
      assertThat(run.exitCode(90)).isEqualTo(2);
      assertThat(run.said())
          .contains(
              "restart gateway.service did not help: gateway.service: Access denied. To allow")
          .doesNotContain("disabled");
    }

    write("ok", "");
    assertThat(once()).isZero();
    monitor("verify: {successes: 2, within: 1s}", "{mode: Disabled}");
    Files.delete(directory.resolve("ok"));
    assertThat(once()).isEqualTo(2);
    assertThat(repair().path("message").asText())
        .isEqualTo("recovery is disabled: spec.recovery.mode is Disabled");
    assertThat(calls()).hasSize(1);
  }

  /** Also while another target cannot be told, which in the predecessor kept all attempts. */
  @Test
  void anOutageThatIsOverLeavesNoAttemptsBehind() throws Exception {
    write("mends", "");
    monitor(
        "verify: {successes: 2, within: 1s}",
        "{cooldown: 1s, maxAttempts: 1}",
        "- {name: cache, optional: true, redis: {url: 'redis://127.0.0.1:1',"
            + " passwordFrom: {env: {name: NOT_SET}}}}");
    assertThat(once()).isZero();
    for (var outage = 1; outage <= 2; outage++) {
      Files.delete(directory.resolve("ok"));
      assertThat(once()).isZero();
      assertThat(calls()).hasSize(outage);
      assertThat(incidents()).isEmpty();
    }

    // Over by itself, before anybody had to do anything.
    monitor("after: 1h", "{cooldown: 1s, maxAttempts: 1}");
    Files.delete(directory.resolve("ok"));
    assertThat(once()).isEqualTo(2);
    write("ok", "");
    assertThat(once()).isZero();
    assertThat(calls()).hasSize(2);
    assertThat(incidents()).isEmpty();
  }

  private void armed() {
    eventually(() -> assertThat(state().at("/status/state/armed")).isNotEmpty());
  }

  private int once() throws Exception {
    try (var run = run("run", "--once")) {
      return run.exitCode(90);
    }
  }

  private RunProcess run(String... command) throws IOException {
    var line =
        new java.util.ArrayList<>(
            List.of(
                "-f",
                directory.resolve("monitor.yaml").toString(),
                "--state",
                directory.resolve("state").toString(),
                "--listen",
                "127.0.0.1:0"));
    line.addAll(0, List.of(command));
    return new RunProcess(
        directory,
        Map.of("PATH", directory + ":" + System.getenv("PATH")),
        line.toArray(String[]::new));
  }

  private void monitor(String rung, String recovery, String... others) throws IOException {
    write(
        "monitor.yaml",
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          interval: 1s
          recovery: %s
          alerts: {receivers: [{name: log, events: {}}]}
          targets:
          - name: gateway
            failureThreshold: 1
            http: {url: "http://127.0.0.1:%d/health"}
            repair:
            - systemdRestart: {unit: gateway}
              %s
        """
                .formatted(recovery, web.getAddress().getPort(), rung)
            + String.join("", others).indent(2));
  }

  private JsonNode repair() throws IOException {
    return incidents().getFirst().path("repair");
  }

  /** What is over stays until everybody is told, which the next run may find. */
  private List<JsonNode> incidents() throws IOException {
    return StreamSupport.stream(state().at("/status/state/incidents").spliterator(), false)
        .filter(incident -> !incident.has("resolvedAt"))
        .toList();
  }

  private JsonNode state() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("state/default.nexus.json").toFile());
  }

  private String journal() throws IOException {
    return Files.readString(directory.resolve("state/acts.json"));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void program(String name, String script) throws IOException {
    var program = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void eventually(org.awaitility.core.ThrowingRunnable seen) {
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(seen);
  }
}
