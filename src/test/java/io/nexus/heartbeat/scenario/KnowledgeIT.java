package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Armed;
import io.nexus.heartbeat.check.RedisNeighbour;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.demo.TelegramStandIn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a status says is known, and of what; and what one target's trouble is to the others. */
class KnowledgeIT extends ScenarioTest {
  KnowledgeIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void kubectlWaitAfterAnEditWaitsForNewKnowledge() {
    scenario.monitored();
    scenario.operator();
    scenario.kubectl("wait", "--for=condition=Healthy", "hbm/nexus", "--timeout=60s");

    scenario.edit(
        "{\"op\": \"replace\", \"path\": \"/spec/targets/0/http/url\", \"value\": \"http://127.0.0.1:1/\"}");
    var waited =
        scenario.server.kubectl(
            "wait",
            "--for=condition=Healthy",
            "hbm/nexus",
            "-n",
            scenario.namespace,
            "--timeout=8s");
    assertThat(waited.exitCode()).as(waited.out()).isNotZero();
    scenario.awaitLevel(Level.Critical);
  }

  @Test
  void anEditKeepsWhatIsKnownOfTargetsThatDidNotChange() {
    scenario.monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    var since = scenario.target("gateway").since();

    scenario.addTarget(
        "{\"name\": \"closed\", \"failureThreshold\": 1, \"tcp\": {\"host\": \"127.0.0.1\", \"port\": 1}}");
    scenario.awaitLevel(Level.Critical);
    assertThat(scenario.target("gateway").since()).isEqualTo(since);
    assertThat(scenario.target("closed").message()).startsWith("connection refused");
    assertThat(scenario.status().state().armed()).extracting(Armed::target).containsOnly("gateway");
  }

  @Test
  void aMissingSecretMakesOnlyItsTargetUnknownWithTheReason() {
    scenario.monitored();
    scenario.addTarget(
        "{\"name\": \"redis\", \"redis\": {\"url\": \"redis://127.0.0.1:1\","
            + " \"passwordFrom\": {\"secretKeyRef\": {\"name\": \"redis\", \"key\": \"password\"}}}}");
    scenario.operator();
    scenario.awaitStatus(
        status ->
            status.targets().size() == 2
                && status.targets().getFirst().level() == Level.Healthy
                && status.targets().getLast().level() == Level.Unknown
                && status.targets().getLast().message().contains("Secret redis not found"));
  }

  @Test
  void aRingOfDependenciesIsNotProcessedAndStopsNobodyElse() {
    scenario.monitored();
    scenario.apply(
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: ring}
        spec:
          targets:
          - {name: a, dependsOn: [b], tcp: {host: a, port: 1}}
          - {name: b, dependsOn: [a], tcp: {host: b, port: 1}}
        """);
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        scenario.kubectl(
                            "get",
                            "hbm",
                            "ring",
                            "-o",
                            "jsonpath={.status.conditions[?(@.type==\"Ready\")]}"))
                    .contains("\"False\"", "DependencyCycle", "a → b → a"));
  }

  @Test
  void retryAfterIsObeyedAndTheAlertArrives() {
    scenario.telegram.next(new TelegramStandIn.Fault.TooManyRequests(Duration.ofSeconds(3)));
    scenario.monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFailsWhateverIsDone();
    await()
        .atMost(Scenario.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> scenario.telegram.requests() == 1);
    var refused = System.nanoTime();
    await().atMost(Scenario.PATIENCE).until(() -> !scenario.messages().isEmpty());
    var message = scenario.telegram.messages().getFirst();
    assertThat(message.text()).contains("HTTP 503");
    assertThat(Duration.ofNanos(message.atNanos() - refused))
        .isGreaterThan(Duration.ofMillis(2900)); // the refusal was seen some milliseconds late
    assertThat(scenario.telegram.requests()).as("nobody knocked in between").isEqualTo(2);
  }

  @Test
  void aLevelOnceReachedHoldsUntilItsValueIsBackBehindClear() throws Exception {
    try (var redis = new RedisNeighbour();
        var few = new Clients(redis.port, 5);
        var many = new Clients(redis.port, 7)) {
      scenario.monitored();
      scenario.addTarget(
          "{\"name\": \"redis\", \"failureThreshold\": 1, \"successThreshold\": 1,"
              + " \"redis\": {\"url\": \"redis://127.0.0.1:%d\"}, \"thresholds\":"
                  .formatted(redis.port)
              + " [{\"measurement\": \"clients\", \"degraded\": 10, \"clear\": 4}]}");
      scenario.operator();
      scenario.awaitLevel(Level.Degraded);
      assertThat(scenario.target("redis").message()).contains("clients");

      many.close(); // five and our own: over clear, under the limit
      scenario.awaitChecks(4);
      assertThat(scenario.target("redis").level()).isEqualTo(Level.Degraded);

      few.close();
      scenario.awaitLevel(Level.Healthy);
      scenario.awaitPeace();
      try (var _ = new Clients(redis.port, 5)) {
        scenario.awaitChecks(4);
        assertThat(scenario.status().level())
            .as("the same number, on its way up")
            .isEqualTo(Level.Healthy);
      }
      assertThat(scenario.events())
          .extracting(Event::getReason)
          .containsExactlyInAnyOrder("Opened", "Resolved");
    }
  }

  /** Connections that do nothing. */
  private static final class Clients implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    Clients(int port, int number) throws IOException {
      for (var i = 0; i < number; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
    }

    @Override
    public void close() throws IOException {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }
}
