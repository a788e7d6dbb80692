package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Nothing is touched while a gate is closed, and the gate is named where people look. */
class GatesIT extends ScenarioTest {
  GatesIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void aWorkloadThatItsOwnerDidNotRelease() {
    scenario.monitored();
    fail();
    assertBlocked("not released for repair: kubectl label deployment gateway");
  }

  @Test
  void aTargetNeverYetHealthy() {
    scenario.released().monitored();
    scenario.gatewayFailsWhateverIsDone();
    scenario.operator();
    scenario.awaitLevel(Level.Critical);
    assertBlocked("not armed");
  }

  @Test
  void recoveryThatIsDisabled() {
    scenario.released().monitored("  recovery: {mode: Disabled}\n");
    fail();
    assertBlocked("recovery is disabled");
  }

  @Test
  void aDryRun() {
    scenario.released().monitored("  recovery: {mode: DryRun}\n");
    fail();
    assertBlocked("dry run: would restart Deployment/gateway now");
  }

  @Test
  void aWorkloadThatSomebodyElseIsChanging() {
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.kubectl("rollout", "pause", "deployment/gateway");
    scenario.gatewayFailsWhateverIsDone();
    scenario.awaitLevel(Level.Critical);
    assertBlocked("being changed by somebody else: Deployment/gateway");
  }

  @Test
  void aRolloutThatIsInProgress() {
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    // No node has that label: the new pod stays pending, and the rollout in progress.
    scenario.kubectl(
        "patch",
        "deployment",
        "gateway",
        "-p",
        "{\"spec\": {\"template\": {\"spec\": {\"nodeSelector\": {\"no\": \"where\"}}}}}");
    scenario.gatewayFailsWhateverIsDone();
    scenario.awaitLevel(Level.Critical);
    assertBlocked("being changed by somebody else: Deployment/gateway");
  }

  @Test
  void aRightThatIsMissing() {
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.kubectl("delete", "rolebinding", "heartbeat-actor");
    scenario.gatewayFailsWhateverIsDone();
    scenario.awaitLevel(Level.Critical);
    assertBlocked("not readable");
    assertThat(scenario.target("gateway").repair().message())
        .contains("kubectl create rolebinding heartbeat-actor -n " + scenario.namespace);
  }

  @Test
  void aBudgetThatIsSpent() {
    assertSecondActIsBlocked(
        "  recovery: {cooldown: 1s, budget: {actions: 1, per: 1h}}\n", "budget: 1 of 1 acts");
  }

  @Test
  void aCooldownThatIsNotOver() {
    assertSecondActIsBlocked("  recovery: {cooldown: 10m}\n", "cooldown: 10");
  }

  private void assertSecondActIsBlocked(String recovery, String why) {
    scenario.released().monitored(recovery);
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    scenario.awaitLevel(Level.Critical);
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);

    scenario.gatewayFailsWhateverIsDone();
    awaitBlocked(why);
    scenario.awaitChecks(2); // and it stays so
    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(scenario.deployment().getMetadata().getAnnotations())
        .containsEntry("heartbeat.nexus.io/sequence", "1");
  }

  /** Healthy first, and then no longer. */
  private void fail() {
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFailsWhateverIsDone();
    scenario.awaitLevel(Level.Critical);
  }

  private void assertBlocked(String why) {
    awaitBlocked(why);
    scenario.awaitChecks(2); // and it stays so
    assertThat(scenario.restarts()).isZero();
    assertThat(scenario.deployment().getMetadata().getAnnotations())
        .doesNotContainKey("heartbeat.nexus.io/action");
  }

  private void awaitBlocked(String why) {
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () -> {
              var repair = scenario.target("gateway").repair();
              assertThat(repair).isNotNull();
              assertThat(repair.phase()).isEqualTo(RepairPhase.Blocked);
              assertThat(repair.message()).startsWith(why);
            });
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(scenario.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
                    .contains("Blocked"));
  }
}
