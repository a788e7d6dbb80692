package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** A heartbeat that must arrive, as a cron job sends it, and conditions, on a real API server. */
class PushIT extends ScenarioTest {
  private static final String TOKEN = "a-token-of-some-length";

  private final HttpClient client = HttpClient.newHttpClient();

  PushIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void whatACronJobSaysIsStoredBeforeItIsConfirmedAndOutlivesTheOperator() throws Exception {
    scenario.released();
    scenario.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: push, labels: {heartbeat.nexus.io/secret: allowed}}
        stringData: {backup: %s}
        ---
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          targets:
          - name: backup
            failureThreshold: 1
            push: {every: 24h, grace: 1h, tokenFrom: {secretKeyRef: {name: push, key: backup}}}
        """
            .formatted(TOKEN));
    int port;
    try (var operator = scenario.operator()) {
      port = operator.serve().getPort();
      scenario.awaitStatus(
          status ->
              !status.targets().isEmpty()
                  && status.targets().getFirst().message().startsWith("nothing has arrived yet"));

      assertThat(push(port, "", "wrong")).isIn(404, 503); // 503 in its first half minute
      assertThat(push(port, "/start", TOKEN)).isEqualTo(200);
      assertThat(scenario.status().state().pushes().getFirst().startedAt()).isNotNull();
      assertThat(push(port, "", TOKEN)).isEqualTo(200);
      assertThat(scenario.status().state().pushes().getFirst().endedAt()).isNotNull();
      scenario.awaitLevel(Level.Healthy);
      assertThat(scenario.target("backup").measurements()).containsKey("duration");

      assertThat(push(port, "/137", TOKEN)).isEqualTo(200);
      scenario.awaitLevel(Level.Critical);
      assertThat(scenario.target("backup").message()).startsWith("it ended with exit code 137");
    }
    try (var next = scenario.operator()) {
      port = next.serve().getPort();
      scenario.awaitLevel(Level.Critical);
      assertThat(scenario.status().state().pushes().getFirst().exitCode()).isEqualTo(137);
      awaitTaken(port);
      scenario.awaitLevel(Level.Healthy);
    }
  }

  @Test
  void aConditionThatMeansNothingMakesItsTargetUnknownAndTheMonitorStaysReady() {
    scenario.apply(
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          interval: 1s
          targets:
          - name: wrong
            failureThreshold: 1
            http: {url: "http://127.0.0.1:%1$d/"}
            when: {critical: jsn.depth > 1}
          - name: right
            failureThreshold: 1
            http: {url: "http://127.0.0.1:%1$d/"}
            when: {degraded: status == 200 && m.latency < duration('1h')}
          - name: pods
            workload: {kind: Deployment, name: gateway}
            when: {critical: m.ready > 5.0}
        """
            .formatted(scenario.gatewayPort()));
    try (var _ = scenario.operator()) {
      scenario.awaitStatus(
          status ->
              status.targets().size() == 3
                  && status.targets().get(0).message().startsWith("when: ")
                  && status.targets().get(1).level() == Level.Degraded
                  && status.targets().get(2).level() == Level.Healthy);
      assertThat(scenario.target("wrong").level()).isEqualTo(Level.Unknown);
      assertThat(scenario.target("wrong").message())
          .isEqualTo("when: 'jsn' is unknown; did you mean 'json'?");
      assertThat(scenario.target("right").message()).startsWith("status is 200, m.latency is ");
      assertThat(scenario.target("pods").measurements().get("ready").getIntVal()).isEqualTo(2);
      assertThat(scenario.status().conditions())
          .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
    }
  }

  /** The new operator knows its monitors a moment after its start. */
  private void awaitTaken(int port) {
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(30))
        .until(() -> push(port, "", TOKEN) == 200);
  }

  private int push(int port, String signal, String token) throws Exception {
    var path = "/push/" + scenario.namespace + "/nexus/backup" + signal;
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString("output of the job"))
            .build();
    return client.send(request, BodyHandlers.ofString()).statusCode();
  }
}
