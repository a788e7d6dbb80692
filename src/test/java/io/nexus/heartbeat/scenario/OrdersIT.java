package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import java.io.IOException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people annotate with kubectl is done once. */
class OrdersIT extends ScenarioTest {
  OrdersIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void nothingIsRepairedWhilePausedAndItIsOnceResumed() {
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    annotate(Order.Pause, "2h by=alice");
    await().atMost(Scenario.PATIENCE).until(() -> isHandled(Order.Pause, "2h by=alice"));
    assertThat(scenario.status().summary().recovery()).startsWith("Paused (until ");

    scenario.gatewayFails();
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () -> {
              var repair = scenario.target("gateway").repair();
              assertThat(repair).isNotNull();
              assertThat(repair.phase()).isEqualTo(RepairPhase.Blocked);
              assertThat(repair.message()).startsWith("paused: by alice, until ");
            });
    scenario.awaitChecks(2); // and it stays so
    assertThat(scenario.restarts()).isZero();

    annotate(Order.Resume, "1");
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(scenario.status().state().orders().pause()).isNull();
  }

  @Test
  void targetsAreCheckedAtOnceForEachOrderAndNotForARestart() {
    scenario.released().monitored();
    scenario.edit("{\"op\": \"replace\", \"path\": \"/spec/interval\", \"value\": \"30m\"}");
    var first = scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    annotate(Order.RunNow, "gateway 1764000000");
    await().atMost(Scenario.PATIENCE).until(() -> scenario.requests() >= 2);
    await().atMost(Scenario.PATIENCE).until(() -> isHandled(Order.RunNow, "gateway 1764000000"));

    first.close();
    scenario.operator();
    await().atMost(Scenario.PATIENCE).until(() -> scenario.requests() >= 3); // its first look
    annotate(Order.Resume, "1");
    await().atMost(Scenario.PATIENCE).until(() -> isHandled(Order.Resume, "1"));
    assertThat(scenario.requests()).isEqualTo(3);
  }

  @Test
  void whatIsRefusedIsSaidWherePeopleLook() {
    scenario.released().monitored();
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    annotate(Order.Reset, "gatway");
    var why = "there is no target 'gatway'; did you mean 'gateway'?";
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(scenario.status().conditions())
                    .anySatisfy(
                        condition -> {
                          assertThat(condition.getType()).isEqualTo("OrdersTaken");
                          assertThat(condition.getStatus()).isEqualTo("False");
                          assertThat(condition.getMessage())
                              .isEqualTo("reset, by annotation: " + why);
                        }));
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(scenario.events())
                    .anySatisfy(
                        event -> {
                          assertThat(event.getReason()).isEqualTo("OrderRefused");
                          assertThat(event.getNote()).contains(why);
                        }));
    assertThat(scenario.kubectl("describe", "hbm", "nexus")).contains("OrderRefused", why);
  }

  @Test
  void whoTakesCareOfAnIncidentIsToldOnce() {
    scenario.monitored(); // not released: it stays open
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFailsWhateverIsDone();
    await().atMost(Scenario.PATIENCE).until(() -> !scenario.messages().isEmpty());
    annotate(Order.Ack, "gateway by=alice");
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.messages().stream().anyMatch(it -> it.contains("acknowledged by alice")));
    scenario.awaitChecks(3);
    assertThat(scenario.messages())
        .filteredOn(it -> it.contains("acknowledged by alice"))
        .hasSize(1);
    assertThat(scenario.target("gateway").acknowledged()).startsWith("by alice, ");
  }

  @Test
  void aStepIsDoneOnceAPersonHasApprovedItAndNoOther() {
    scenario.released().monitored("  recovery: {mode: Approve}\n");
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.messages().stream()
                    .anyMatch(it -> it.contains("heartbeat approve " + scenario.namespace)));
    var repair = scenario.target("gateway").repair();
    assertThat(repair.phase()).isEqualTo(RepairPhase.AwaitingApproval);
    assertThat(repair.message()).contains("restart Deployment/gateway waits for approval (");
    annotate(Order.Approve, "0000-0000");
    await().atMost(Scenario.PATIENCE).until(() -> isHandled(Order.Approve, "0000-0000"));
    assertThat(handled(Order.Approve).message()).contains("what waits is " + repair.step());
    assertThat(scenario.restarts()).isZero();

    annotate(Order.Approve, repair.step() + " by=alice");
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(scenario.messages())
        .filteredOn(it -> it.contains("waits for approval"))
        .as("asked once")
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "after"})
  void aResetIsOneRepairMoreHoweverTheOperatorDies(String when) {
    Supplier<Fault> death =
        () ->
            when.equals("before")
                ? Fault.before("status Critical Planned 2")
                : Fault.after("status Critical Planned 2");
    scenario.released().monitored("  recovery: {maxAttempts: 1, cooldown: 1s}\n");
    scenario.edit(
        "{\"op\": \"replace\", \"path\": \"/spec/targets/0/repair/0/verify/within\","
            + " \"value\": \"1s\"}");
    var fault = death.get();
    var mortal = scenario.operator(fault);
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFailsWhateverIsDone();
    awaitExhausted();
    assertThat(scenario.restarts()).isEqualTo(1);

    annotate(Order.Reset, "gateway at=1");
    await().atMost(Scenario.PATIENCE).until(fault::isDead);
    mortal.close();
    scenario.operator();
    await().atMost(Scenario.PATIENCE).until(() -> scenario.restarts() == 2);
    awaitExhausted();
    scenario.awaitChecks(3); // and it stays so
    assertThat(scenario.restarts()).isEqualTo(2);
    assertThat(handled(Order.Reset).outcome()).isEqualTo(Outcome.Taken);
  }

  private void awaitExhausted() {
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () -> {
              var repair = scenario.target("gateway").repair();
              assertThat(repair).isNotNull();
              assertThat(repair.phase()).isEqualTo(RepairPhase.Exhausted);
            });
  }

  private void annotate(Order order, String value) {
    scenario.kubectl("annotate", "hbm", "nexus", "--overwrite", order.annotation() + "=" + value);
  }

  private boolean isHandled(Order order, String value) {
    return scenario.status().state().orders().of(order, value).isPresent();
  }

  private Handled handled(Order order) {
    return scenario.status().state().orders().handled().stream()
        .filter(it -> it.order() == order)
        .findFirst()
        .orElseThrow();
  }
}
