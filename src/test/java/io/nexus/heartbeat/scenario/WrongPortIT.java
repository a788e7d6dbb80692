package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway in production serves, and a monitor of it asks at another port. */
class WrongPortIT extends ScenarioTest {
  private static final String WHY =
      "not armed: gateway was never healthy since its check was last changed";

  private HttpServer somethingElse;
  private String before;

  WrongPortIT(ApiServer server) throws IOException {
    super(server);
  }

  @BeforeEach
  void start() throws IOException {
    somethingElse =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    somethingElse.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    somethingElse.start();
    scenario.released();
    before = gateway();
  }

  @AfterEach
  void stop() {
    somethingElse.stop(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restart: {kind: Deployment, name: gateway}",
        "scale: {kind: Deployment, name: gateway, replicas: 4}"
      })
  void aNewMonitorTouchesNothingThoughNobodyListensThere(String rung) throws IOException {
    monitored(closedPort(), rung);
    scenario.operator();
    assertUntouchedAndSaidWhy();
  }

  @Test
  void aNewMonitorTouchesNothingThoughAnotherProgramAnswersThere() {
    // Whatever answers is not Critical but Degraded, and this rung is for that too.
    monitored(
        somethingElse.getAddress().getPort(),
        "restart: {kind: Deployment, name: gateway}, minimumLevel: Degraded");
    scenario.operator();
    assertUntouchedAndSaidWhy();
  }

  @Test
  void anEditOfAMonitorThatWasHealthyTouchesNothing() throws IOException {
    scenario.monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    ask(closedPort());
    assertUntouchedAndSaidWhy();
  }

  @Test
  void theNextOperatorTouchesNothingEither() throws IOException {
    scenario.monitored();
    var first = scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    first.close();
    ask(closedPort());
    scenario.operator();
    assertUntouchedAndSaidWhy();
  }

  @Test
  void oncePutRightTheGatewayIsRepairedWhenItReallyFails() throws IOException {
    monitored(closedPort(), "restart: {kind: Deployment, name: gateway}");
    scenario.operator();
    assertUntouchedAndSaidWhy();
    ask(scenario.gatewayPort());
    scenario.awaitPeace();
    assertThat(gateway()).isEqualTo(before);

    scenario.gatewayFails();
    scenario.awaitLevel(Level.Critical);
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);
  }

  private void assertUntouchedAndSaidWhy() {
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () -> {
              var repair = scenario.target("gateway").repair();
              assertThat(repair).isNotNull();
              assertThat(repair.phase()).isEqualTo(RepairPhase.Blocked);
              assertThat(repair.message()).isEqualTo(WHY);
              assertThat(scenario.events())
                  .filteredOn(event -> event.getReason().equals("Blocked"))
                  .singleElement()
                  .satisfies(event -> assertThat(event.getNote()).contains(WHY));
              assertThat(scenario.messages()).anyMatch(message -> message.contains(WHY));
            });
    // It is asked a few times more, and it stays so.
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Scenario.PATIENCE)
        .until(() -> gateway().equals(before) && scenario.status().state().acts().isEmpty());
  }

  /** The whole of it, as the API server has it. */
  private String gateway() {
    return scenario.deployment().getMetadata().getResourceVersion();
  }

  private void ask(int port) {
    scenario.edit(
        "{\"op\": \"replace\", \"path\": \"/spec/targets/0/http/url\", \"value\":"
            + " \"http://127.0.0.1:%d/health\"}".formatted(port));
  }

  private void monitored(int port, String rung) {
    scenario.monitored();
    ask(port);
    scenario.edit(
        "{\"op\": \"replace\", \"path\": \"/spec/targets/0/repair\", \"value\": [{%s}]}"
            .formatted(rung.replaceAll("(\\w+)", "\"$1\"").replace("\"4\"", "4")));
  }

  private static int closedPort() throws IOException {
    try (var soonClosed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return soonClosed.getLocalPort();
    }
  }
}
