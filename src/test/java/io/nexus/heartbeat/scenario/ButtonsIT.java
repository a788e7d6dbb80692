package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A person presses a button under a message, in a chat, and it is done once. */
class ButtonsIT extends ScenarioTest {
  private static final long ALICE = 42;
  private static final long MALLORY = 666;

  ButtonsIT(ApiServer server) throws IOException {
    super(server);
  }

  @Test
  void aStepIsDoneOnceWhenSomebodyAllowedPressesTheButtonAndNotBefore() {
    waiting();
    scenario.operator();
    fails();
    var asked = asked();
    var buttons = scenario.telegram.buttons();
    assertThat(buttons.under(asked))
        .containsExactly("✅ Approve: restart Deployment/gateway", "👀 Acknowledge");
    var carried = buttons.data(asked, "Approve");
    var nonce = carried.substring(carried.lastIndexOf(':') + 1);
    assertThat(scenario.kubectl(MONITOR)).doesNotContain(nonce);

    buttons.press(asked, "Approve", MALLORY);
    awaitShown(1);
    assertThat(buttons.shown().getLast().user()).isEqualTo(MALLORY);
    assertThat(buttons.shown().getLast().words()).contains("not allowed");
    scenario.awaitChecks(2);
    assertThat(scenario.restarts()).isZero();
    assertThat(scenario.target("gateway").repair().phase()).isEqualTo(RepairPhase.AwaitingApproval);

    buttons.press(asked, "Approve", ALICE);
    awaitShown(2);
    assertThat(buttons.shown().getLast())
        .hasToString(
            "Shown[user=42, words=gateway: restart Deployment/gateway is approved, alert=false]");
    await().atMost(Scenario.PATIENCE).until(() -> buttons.under(asked).isEmpty());
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);
    var pressed = scenario.status().state().orders().pressed();
    assertThat(pressed).hasSize(1);
    assertThat(pressed.getFirst().by()).isEqualTo("telegram:42");
    assertThat(scenario.status().actions().getLast().decidedBy()).contains("telegram:42");
    await().atMost(Scenario.PATIENCE).until(() -> buttons.unconfirmed() == 0);

    buttons.press(987654321, asked, carried, ALICE);
    awaitShown(3);
    assertThat(scenario.restarts()).as("late, and again").isEqualTo(1);
  }

  @Test
  void aPressThatWasHeardAndNotStoredWhenAnOperatorDiedIsObeyedByTheNext() {
    waiting();
    var first = scenario.operator();
    fails();
    var asked = asked();
    first.close();
    scenario.telegram.buttons().press(asked, "Approve", ALICE);
    assertThat(scenario.telegram.buttons().unconfirmed()).isEqualTo(1);

    scenario.operator();
    scenario.awaitPeace();
    assertThat(scenario.restarts()).isEqualTo(1);
  }

  @Test
  void ofTwoReplicasOneAsksAndWhatIsPressedTwiceIsDoneOnce() {
    waiting();
    scenario.operator();
    scenario.operator();
    fails();
    asked();
    scenario.awaitChecks(6); // both have seen it fail
    var asked = asked();
    var buttons = scenario.telegram.buttons();
    buttons.press(asked, "Acknowledge", ALICE);
    buttons.press(asked, "Acknowledge", ALICE);
    awaitShown(2);
    assertThat(buttons.shown()).allMatch(shown -> shown.words().startsWith("gateway: ack"));
    var incident = scenario.openIncidents().getFirst();
    assertThat(incident.attentionOrNone().acknowledgedBy()).isEqualTo("telegram:42");
    assertThat(incident.story()).filteredOn(h -> h.kind() == Kind.Acknowledged).hasSize(1);
    assertThat(condition()).isEqualTo("True/Listening");
    assertThat(scenario.server.kubectl("get", "leases", "-n", "heartbeat-system").out())
        .contains("heartbeat-telegram-");
  }

  @Test
  void thatAnotherAsksForTheBotsUpdatesIsSaidWithWhatToDo() {
    scenario.telegram.buttons().webhook(true);
    waiting();
    scenario.operator();
    await().atMost(Scenario.PATIENCE).until(() -> condition().equals("False/NotListening"));
    assertThat(scenario.kubectl("describe", "hbm", "nexus"))
        .contains("deleteWebhook", "give Heartbeat a bot of its own")
        .doesNotContain(Scenario.TOKEN);
    scenario.telegram.buttons().webhook(false);
    await().atMost(Scenario.PATIENCE).until(() -> condition().equals("True/Listening"));
  }

  @Test
  void nobodyIsAskedWhereNobodyIsAllowed() {
    scenario.released().monitored("  recovery: {mode: Approve}\n");
    scenario.operator();
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
    await().atMost(Scenario.PATIENCE).until(() -> !scenario.messages().isEmpty());
    scenario.awaitChecks(3);
    assertThat(scenario.telegram.buttons().polls()).isZero();
    assertThat(scenario.telegram.buttons().under(1)).isEmpty();
  }

  private static final String[] MONITOR = {"get", "hbm", "nexus", "-o", "json"};

  /** Its step will wait for a person, and Alice may press. */
  private void waiting() {
    scenario.released().monitored("  recovery: {mode: Approve}\n");
    scenario.edit(
        "{\"op\": \"add\", \"path\": \"/spec/alerts/receivers/0/telegram/allowedUsers\","
            + " \"value\": [\"42\"]}");
  }

  private void fails() {
    scenario.awaitLevel(Level.Healthy);
    scenario.gatewayFails();
  }

  /** The message that asks for approval. */
  private long asked() {
    await().atMost(Scenario.PATIENCE).until(() -> keyboards().size() == 1);
    return keyboards().getFirst();
  }

  /** The messages under which buttons can be pressed, as the ledger has them. */
  private List<Long> keyboards() {
    return scenario.openIncidents().stream()
        .flatMap(incident -> incident.told().stream())
        .filter(told -> told.keyboard() != null && told.keyboard().step() != null)
        .map(told -> Long.parseLong(told.messageId()))
        .toList();
  }

  private void awaitShown(int times) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> scenario.telegram.buttons().shown().size() == times);
  }

  private String condition() {
    return scenario.status().conditions().stream()
        .filter(c -> c.getType().equals("ButtonsWork"))
        .map(c -> c.getStatus() + "/" + c.getReason())
        .findFirst()
        .orElse("");
  }
}
