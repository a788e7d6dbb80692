package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.decide.Allowance;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
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

  @Test
  void aTimeInWhichRepairMayNotAct() {
    var hour = (LocalTime.now(ZoneOffset.UTC).getHour() + 12) % 24;
    scenario
        .released()
        .monitored(
            "  recovery: {windows: [{name: later, schedule: '0 %d * * *', duration: 1h}]}\n"
                .formatted(hour));
    fail();
    assertBlocked("window: repair may act only in later, next from 20");
  }

  @Test
  void aScheduleThatMakesNoSense() {
    scenario
        .released()
        .monitored("  recovery: {windows: [{name: a, schedule: '0 25 * * *', duration: 1h}]}\n");
    scenario.operator();
    scenario.kubectl("wait", "--for=condition=Ready=False", "hbm/nexus", "--timeout=60s");
    assertThat(
            scenario.kubectl(
                "get",
                "hbm",
                "nexus",
                "-o",
                "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}:"
                    + " {.status.conditions[?(@.type==\"Ready\")].message}"))
        .isEqualTo("InvalidSchedule: spec.recovery.windows: a: hour '25' is not of 0 to 23");
  }

  @Test
  void aLimitThatTheWorkloadsOwnerSet() {
    scenario.released().monitored();
    scenario.kubectl("annotate", "deployment", "gateway", "heartbeat.nexus.io/max-actions=0/24h");
    fail();
    assertBlocked(
        "owner's limit: Deployment/gateway: heartbeat.nexus.io/max-actions: no act is allowed");
  }

  @Test
  void aBudgetOfAllMonitorsThatIsSpent() {
    var nothing = new Allowance(0, Duration.ofHours(1));
    scenario.released().monitored();
    scenario.operator(new Shares(nothing, nothing), InstantSource.system());
    failLater();
    assertBlocked("shared budget: of the installation, no act is allowed");
  }

  @Test
  void aClockThatIsTenMinutesOff() {
    scenario.released().monitored();
    scenario.operator(null, InstantSource.offset(InstantSource.system(), Duration.ofMinutes(10)));
    failLater();
    assertBlocked("clock: this machine's clock is ");
    assertThat(scenario.target("gateway").repair().message()).endsWith("ahead of the API server's");
  }

  @Test
  void anAnnotationThatAGitOpsControllerHolds() {
    scenario.released().monitored();
    scenario.kubectl(
        "patch",
        "deployment",
        "gateway",
        "--field-manager=argocd-controller",
        "-p",
        "{\"spec\": {\"template\": {\"metadata\": {\"annotations\":"
            + " {\"kubectl.kubernetes.io/restartedAt\": \"2020-01-01T00:00:00Z\"}}}}}");
    scenario.kubectl("rollout", "status", "deployment/gateway", "--timeout=60s");
    fail();
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(scenario.kubectl("get", "events", "-o", "jsonpath={.items[*].message}"))
                    .contains(
                        "owned by somebody else: Deployment/gateway: argocd-controller holds its"
                            + " annotation kubectl.kubernetes.io/restartedAt by GitOps"));
    scenario.awaitChecks(2);
    assertThat(scenario.deployment().getMetadata().getAnnotations())
        .doesNotContainKey("heartbeat.nexus.io/action");
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
    failLater();
  }

  private void failLater() {
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
