package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Orders to a {@code heartbeat run} that is a process of its own, as a person types them. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class OrdersOnAHostIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final AtomicInteger requests = new AtomicInteger();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private volatile int status = 200;
  private HttpServer web;

  @BeforeEach
  void start() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    web.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    web.start();
    Files.writeString(
        directory.resolve("monitor.yaml"),
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          interval: 30m
          targets:
          - name: gateway
            failureThreshold: 1
            http: {url: "http://127.0.0.1:%d/"}
        """
            .formatted(web.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    web.stop(0);
  }

  @Test
  void aPersonAtNightIsAnswered() throws Exception {
    try (var run = run("run")) {
      await().atMost(PATIENCE).until(() -> requests.get() == 1);
      await().atMost(PATIENCE).until(() -> typed("status") == 0 && said("Healthy"));

      assertThat(typed("pause", "nexus", "2h", "--by", "alice")).as(err.toString()).isZero();
      assertThat(out.toString()).startsWith("default/nexus: repair is paused until ");
      assertThat(typed("status")).isZero();
      assertThat(out.toString())
          .contains("Paused (until ", "default/nexus: repair is paused by alice, since ")
          .contains("heartbeat resume default/nexus --state " + directory);
      assertThat(typed("resume", "nexus")).isZero();
      assertThat(out.toString()).isEqualTo("default/nexus: repair may act again\n");

      status = 503;
      assertThat(typed("run-now", "nexus", "gateway")).isZero();
      await().atMost(PATIENCE).until(() -> requests.get() == 2);
      await().atMost(PATIENCE).until(() -> typed("status") == 0 && said("Critical"));
      assertThat(out.toString())
          .contains("default/nexus › gateway: Critical for ", "HTTP 503")
          .contains("heartbeat ack default/nexus gateway --state ");
      assertThat(typed("ack", "nexus")).as(err.toString()).isZero();
      assertThat(typed("status", "nexus", "-o", "json")).isZero();
      var seen = new ObjectMapper().readTree(out.toString()).path("monitors").path(0);
      assertThat(seen.path("level").asText()).isEqualTo("critical");
      assertThat(seen.path("incidents").path(0).path("acknowledgedBy").asText()).isNotEmpty();
      assertThat(seen.has("paused")).isFalse();
      assertThat(run.said()).contains("default/nexus: pause, by alice: repair is paused until");
    }
  }

  @Test
  void aMistakeIsSaidAndChangesNothing() throws Exception {
    try (var _ = run("run")) {
      await().atMost(PATIENCE).until(() -> requests.get() == 1);
      await().atMost(PATIENCE).until(() -> typed("status") == 0 && said("Healthy"));
      assertThat(typed("reset", "nexus", "gatway")).isEqualTo(1);
      assertThat(err.toString())
          .isEqualTo(
              "heartbeat: default/nexus: reset is refused: there is no target 'gatway'; did you"
                  + " mean 'gateway'?\n");
      assertThat(typed("status")).isZero();
      assertThat(out.toString()).contains("the last order was refused: reset, by ");
      assertThat(typed("resume", "nexsu")).isEqualTo(64);
      assertThat(err.toString())
          .isEqualTo(
              "heartbeat: there is no monitor 'nexsu' in namespace default; did you mean"
                  + " 'nexus'?\n");
      assertThat(typed("pause", "nexus", "soon")).isEqualTo(64);
      assertThat(err.toString()).contains("pause: 'soon' is not a duration; right would be");
    }
    assertThat(typed("approve", "nexus", "8442-1f3a")).as("nobody runs").isEqualTo(75);
    assertThat(Typed.run(out, err, "status", "--state", directory.resolve("none").toString()))
        .isEqualTo(69);
  }

  @Test
  void whatIsOrderedWhileNobodyRunsIsDoneOnceByWhoeverIsNext() throws Exception {
    try (var first = run("run")) {
      await().atMost(PATIENCE).until(() -> requests.get() == 1);
      await().atMost(PATIENCE).until(() -> typed("status") == 0 && said("Healthy"));
      first.signal("KILL");
      assertThat(first.exitCode(20)).isNotZero();
    }
    assertThat(typed("pause", "nexus", "1h")).isEqualTo(75);
    assertThat(err.toString())
        .contains("pause is given and not taken yet: no heartbeat runs on " + directory)
        .contains("the next that is started there takes it");
    assertThat(typed("resume", "nexus")).isEqualTo(75);
    assertThat(typed("pause", "nexus", "3h", "--by", "bob")).isEqualTo(75);
    assertThat(typed("status")).isZero();
    assertThat(err.toString()).contains("no heartbeat runs on ", "this is what was last known");

    try (var once = run("run", "--once")) {
      assertThat(once.exitCode(60)).as(once.said()).isZero();
      assertThat(once.said())
          .contains("pause, by ")
          .contains("resume, by ")
          .contains("pause, by bob: repair is paused until");
    }
    assertThat(directory.resolve("state/orders")).isEmptyDirectory();
    assertThat(typed("status")).isZero();
    assertThat(out.toString()).contains("repair is paused by bob");
  }

  private RunProcess run(String... command) throws IOException {
    var all = new ArrayList<>(List.of(command));
    all.addAll(
        List.of(
            "-f",
            directory.resolve("monitor.yaml").toString(),
            "--state",
            directory.resolve("state").toString()));
    if (command.length == 1) {
      all.addAll(List.of("--listen", "127.0.0.1:0"));
    }
    return new RunProcess(directory, Map.of(), all.toArray(String[]::new));
  }

  private int typed(String... command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--state", directory.resolve("state").toString()));
    return Typed.run(out, err, all.toArray(String[]::new));
  }

  private boolean said(String word) {
    return out.toString().contains(word);
  }
}
