package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** What stops stops at once, what is no news is not written, and a missing right has a remedy. */
class StillIT extends ScenarioTest {
  /** Three intervals of the monitor. */
  private static final Duration A_WHILE = Duration.ofSeconds(3);

  StillIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void aSuspendedMonitorIsNotCheckedAnyMoreAndAResumedOneIs() {
    scenario.monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);

    suspend(true);
    scenario.awaitStatus(status -> status.message().equals("suspended"));
    assertNoMoreThan(scenario.requests(), scenario::requests);

    var before = scenario.requests();
    suspend(false);
    await().atMost(Scenario.PATIENCE).until(() -> scenario.requests() > before);
    scenario.awaitLevel(Level.Healthy);
  }

  @Test
  void aDeletedMonitorIsNotCheckedAnyMore() {
    scenario.monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);

    scenario.kubectl("delete", "hbm", "nexus", "--timeout=10s");
    // One may have been under way, or due before the watch brought the news.
    assertNoMoreThan(scenario.requests() + 1, scenario::requests);
  }

  @Test
  void annotationsOfOthersAndOrdersThatChangeNothingCauseNoWrite() {
    scenario.monitored();
    var counted = Fault.none();
    scenario.operator(counted);
    scenario.awaitLevel(Level.Healthy);
    var before = counted.effects().size();
    assertThat(before).as("writes are seen at all").isPositive();
    assertNoMoreThan(before, () -> counted.effects().size());

    for (var i = 0; i < 5; i++) {
      scenario.kubectl("annotate", "hbm", "nexus", "--overwrite", "example.com/other=" + i);
      scenario.kubectl("annotate", "hbm", "nexus", "--overwrite", "heartbeat.nexus.io/any=" + i);
    }
    assertNoMoreThan(before, () -> counted.effects().size());
  }

  @Test
  void withoutTheRightToReadSecretsOneTargetIsUnknownAndSaysWhichCommandMendsIt() {
    scenario.kubectl("delete", "rolebinding", "heartbeat-actor");
    scenario.monitored();
    scenario.addTarget(
        "{\"name\": \"redis\", \"redis\": {\"url\": \"redis://127.0.0.1:1\","
            + " \"passwordFrom\": {\"secretKeyRef\": {\"name\": \"telegram\", \"key\": \"token\"}}}}");
    scenario.operator();
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(scenario.target("gateway").level()).isEqualTo(Level.Healthy);
              assertThat(scenario.target("redis").level()).isEqualTo(Level.Unknown);
              assertThat(scenario.target("redis").message())
                  .contains("may not read Secrets")
                  .contains("kubectl create rolebinding heartbeat-actor -n " + scenario.namespace);
            });
  }

  private void suspend(boolean on) {
    scenario.kubectl(
        "patch", "hbm", "nexus", "--type=merge", "-p", "{\"spec\": {\"suspend\": " + on + "}}");
  }

  private static void assertNoMoreThan(int most, IntSupplier counter) {
    await().during(A_WHILE).atMost(A_WHILE.multipliedBy(4)).until(() -> counter.getAsInt() <= most);
  }
}
