package io.nexus.heartbeat.scenario;

import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** Each test has a scenario of its own. */
@WithApiServer
abstract class ScenarioTest {
  final Scenario scenario;

  ScenarioTest(ApiServer server) throws IOException {
    scenario = new Scenario(server);
  }

  @AfterEach
  void close() {
    scenario.close();
  }
}
