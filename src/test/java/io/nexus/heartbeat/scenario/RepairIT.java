package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.TargetStatus.RepairStatus;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Decide, repair, tell: each sentence, on a real API server, with the rights that we ship. */
class RepairIT extends ScenarioTest {
  RepairIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void aFailingGatewayIsRestartedOnceProvenAndToldInThreeMessages() {
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    var generation = scenario.deployment().getMetadata().getGeneration();

    scenario.gatewayFails();
    scenario.awaitLevel(Level.Critical);
    assertThat(scenario.status().message()).startsWith("gateway: HTTP 503");
    scenario.awaitPeace();

    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(scenario.deployment().getMetadata().getGeneration()).isEqualTo(generation + 1);
    assertThat(scenario.deployment().getMetadata().getAnnotations())
        .containsEntry("heartbeat.nexus.io/sequence", "1")
        .containsKey("heartbeat.nexus.io/action");
    assertThat(scenario.messages()).hasSize(3);
    assertThat(scenario.messages().get(0)).contains("Critical", "gateway", "HTTP 503");
    assertThat(scenario.messages().get(1)).contains("restarted Deployment/gateway");
    assertThat(scenario.messages().get(2)).contains("Resolved", "gateway");
    assertThat(scenario.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
        .contains("Opened", "Planned", "RepairHelped", "Resolved");
  }

  @Test
  void aHangingGatewayIsCriticalForTheTimeItTookAndRestartedOnce() {
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);

    scenario.gatewayHangs();
    scenario.awaitLevel(Level.Critical);
    assertThat(scenario.status().message()).startsWith("gateway: timed out after 3");
    scenario.awaitPeace();

    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(scenario.messages()).hasSize(3);
    assertThat(scenario.messages().get(0)).contains("Critical", "timed out after 3");
  }

  @Test
  void aPlanIsStoredBeforeTheWorkloadIsTouched() {
    scenario.released().monitored();
    var stored = new CopyOnWriteArrayList<Boolean>();
    scenario
        .operator()
        .beforeActs
        .add(
            plan ->
                stored.add(
                    scenario.openIncidents().stream()
                        .map(i -> Objects.requireNonNull(i.repair()))
                        .anyMatch(
                            r ->
                                r.phase() == RepairPhase.Planned
                                    && r.plan() != null
                                    && r.plan().id().equals(plan.id()))));
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    await().atMost(Scenario.PATIENCE).until(() -> !stored.isEmpty());
    assertThat(stored).containsOnly(true);
    scenario.awaitPeace();
  }

  @Test
  void twoOperatorsThatActAtTheSameMomentRestartOnce() {
    scenario.released().monitored();
    var generation = scenario.deployment().getMetadata().getGeneration();
    var both = new CyclicBarrier(2);
    var operators = List.of(scenario.operator(), scenario.operator());
    operators.forEach(operator -> operator.beforeActs.add(_ -> meet(both)));
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    await()
        .atMost(Scenario.PATIENCE)
        .until(() -> operators.stream().noneMatch(it -> it.outcomes.isEmpty()));
    scenario.awaitPeace();

    // One did it, and the other found that it is done.
    assertThat(operators).allMatch(it -> it.outcomes.equals(List.of(new Outcome.Done())));
    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(scenario.deployment().getMetadata().getGeneration()).isEqualTo(generation + 1);
    assertThat(scenario.deployment().getMetadata().getAnnotations())
        .containsEntry("heartbeat.nexus.io/sequence", "1");
  }

  private static void meet(CyclicBarrier both) {
    try {
      both.await(Scenario.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("the other did not come", e);
    }
  }

  @Test
  void aRepairIsProvenOnlyByChecksBegunAfterItsRollout() {
    // One new pod after the other, each three seconds old before it counts.
    scenario.kubectl(
        "patch", "deployment", "gateway", "-p", "{\"spec\": {\"minReadySeconds\": 3}}");
    scenario.kubectl("rollout", "status", "deployment/gateway", "--timeout=60s");
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();

    scenario.awaitStatus(
        status ->
            status.level() == Level.Healthy
                && status.targets().getFirst().repair() instanceof RepairStatus repair
                && repair.phase() == RepairPhase.Executing);
    assertThat(scenario.events()).extracting(Event::getReason).doesNotContain("RepairHelped");
    scenario.awaitPeace();

    var restarted =
        scenario
            .deployment()
            .getSpec()
            .getTemplate()
            .getMetadata()
            .getAnnotations()
            .get("kubectl.kubernetes.io/restartedAt");
    var helped =
        scenario.events().stream()
            .filter(event -> event.getReason().equals("RepairHelped"))
            .map(event -> Instant.parse(event.getEventTime().getTime()))
            .findFirst()
            .orElseThrow();
    assertThat(Duration.between(Instant.parse(restarted), helped))
        .isGreaterThan(Duration.ofSeconds(6));
  }

  private record Frost(CountDownLatch isFrozen, CountDownLatch thaw) {}

  /** The operator stands still after its last look at what is planned, before it acts. */
  private static Frost freezing(RunningOperator operator) {
    var frost = new Frost(new CountDownLatch(1), new CountDownLatch(1));
    operator.beforeActs.add(
        plan -> {
          frost.isFrozen().countDown();
          try {
            frost.thaw().await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    return frost;
  }

  @Test
  void aPlanThatAnotherOperatorCalledOffDoesNothingAfterThawing() throws Exception {
    scenario.released().monitored("  recovery: {cooldown: 1s}\n");
    var frozen = scenario.operator();
    var thaw = freezing(frozen);
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    thaw.isFrozen().await();

    scenario.operator(); // the other takes over, and finds it well by itself
    scenario.gatewayIsWell();
    scenario.awaitLevel(Level.Healthy);
    scenario.awaitPeace();

    thaw.thaw().countDown();
    await().atMost(Scenario.PATIENCE).until(() -> !frozen.outcomes.isEmpty());
    assertThat(frozen.outcomes).singleElement().isInstanceOf(Outcome.Refused.class);
    assertThat(scenario.restarts()).isZero();
  }

  @Test
  void aStalePlanOfAFrozenOperatorDoesNothingAfterThawing() throws Exception {
    scenario.released().monitored("  recovery: {cooldown: 1s}\n");
    var frozen = scenario.operator();
    var thaw = freezing(frozen);
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    thaw.isFrozen().await();

    scenario.operator(); // the other takes over, and acts
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);
    scenario.gatewayFails(); // and once more
    await().atMost(Scenario.PATIENCE).until(() -> scenario.restarts() == 2);
    scenario.awaitPeace();

    var generation = scenario.deployment().getMetadata().getGeneration();
    thaw.thaw().countDown();
    await().atMost(Scenario.PATIENCE).until(() -> !frozen.outcomes.isEmpty());
    frozen.close();
    assertThat(frozen.outcomes).singleElement().isInstanceOf(Outcome.Refused.class);
    assertThat(scenario.deployment().getMetadata().getGeneration()).isEqualTo(generation);
    assertThat(scenario.restarts()).isEqualTo(2);
  }

  @Test
  void anActThatDoesNotHelpIsRepeatedUntilTheAttemptsAreSpent() {
    scenario.released();
    scenario.monitored("  recovery: {cooldown: 1s, maxAttempts: 2}\n");
    scenario.edit(
        "{\"op\": \"replace\", \"path\": \"/spec/targets/0/repair/0/verify\","
            + " \"value\": {\"successes\": 2, \"within\": \"4s\"}}");
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFailsWhateverIsDone();
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(scenario.target("gateway").repair())
                    .isNotNull()
                    .extracting(RepairStatus::phase)
                    .isEqualTo(RepairPhase.Exhausted));
    assertThat(scenario.restarts()).isEqualTo(2);
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () -> assertThat(scenario.messages()).anyMatch(m -> m.contains("exhausted")));
  }
}
