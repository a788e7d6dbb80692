package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Alerts.Telegram;
import io.nexus.heartbeat.api.Keyboard;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.decide.Keyboards.Judged;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Buttons order what they say, once, by whoever is allowed, of what they were made for. */
class KeyboardsTest {
  private static final String BOT = "b07";
  private static final String CHAT = "-7";
  private static final String ALICE = "42";

  private final World world = new World(target("gateway", restart()));
  private int sent;

  @BeforeEach
  void thereIsABotWithButtons() {
    world.recovery =
        new Recovery(
            Mode.Approve, new Budget(9, Duration.ofHours(1)), Duration.ofMinutes(5), 9, List.of());
    allow(ALICE);
    world.keyboards =
        notice ->
            notice.choices().isEmpty()
                ? null
                : new Keyboard(
                    "nonce-" + ++sent,
                    BOT,
                    CHAT,
                    notice.choices().step(),
                    notice.choices().acknowledge(),
                    world.now.plus(Duration.ofHours(24)));
  }

  @Test
  void aPressApprovesThatVeryStepOnceAndTheRecordSaysWhoItWas() {
    askedFor();
    var decision = press(Order.Approve, ALICE);
    assertThat(decision.due()).hasSize(1);
    assertThat(decision.due().getFirst().plan().approvedBy()).isEqualTo("telegram:42");
    assertThat(pressed().outcome()).isEqualTo(Outcome.Taken);
    assertThat(pressed().value()).isEqualTo("nonce-1");
    assertThat(pressed().message()).isEqualTo("gateway: restart Deployment/gateway is approved");
    assertThat(world.condition("OrdersTaken")).isEqualTo("True/Taken");
    assertThat(keyboard()).as("it is used up").isNull();
    assertThat(world.status.state().orders().handled()).as("no annotation").isEmpty();

    var before = world.status.state().orders();
    decision = world.decide(); // the same press, told again by Telegram
    assertThat(world.status.state().orders()).isEqualTo(before);
    assertThat(decision.due()).as("the same act").hasSize(1);
    assertThat(world.status.state().acts()).hasSize(1);
  }

  @Test
  void aPressAcknowledgesThisIncidentOnce() {
    askedFor();
    press(Order.Ack, ALICE);
    world.decide();
    assertThat(world.incident().attentionOrNone().acknowledgedBy()).isEqualTo("telegram:42");
    assertThat(world.incident().story()).filteredOn(h -> h.kind() == Kind.Acknowledged).hasSize(1);
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.AwaitingApproval);
  }

  @Test
  void aPressIsAboutItsIncidentAloneWhateverItsTargetIsCalled() {
    world.targets = List.of(target("1", restart()), target("2", restart()));
    world.up("1").up("2").decide();
    world.after(Duration.ofMinutes(1)).down("1").down("2").decide();
    world.delivered(world.after(Duration.ofSeconds(1)).down("1").down("2").decide());
    world.decide();
    var asked = world.incident();
    var message = asked.told().getFirst();
    world.pressed =
        new Pressed(
            List.of(
                new Press(
                    message.keyboard().nonce(), BOT, CHAT, message.messageId(), Order.Ack, ALICE)),
            true,
            null);
    world.decide();
    assertThat(world.status.state().incidents())
        .allSatisfy(
            it ->
                assertThat(it.attentionOrNone().acknowledgedBy())
                    .isEqualTo(it.id().equals(asked.id()) ? "telegram:42" : null));
    assertThat(world.status.state().incidents()).hasSize(2);
  }

  @Test
  void whatHasJustBeenSentCanBePressedBeforeItIsStored() {
    world.delivered(down()); // of which nothing is written yet
    assertThat(press(Order.Approve, ALICE).due()).hasSize(1);
    assertThat(keyboard()).isNull();
  }

  @Test
  void anAnnotationThatIsStillThereIsNoNewOrderAfterAPress() {
    askedFor();
    world.orders.put(Order.Approve, "none-such by=bob");
    world.decide();
    assertThat(press(Order.Approve, ALICE).due()).hasSize(1);
    world.decide();
    assertThat(world.status.state().orders().handled()).hasSize(1);
    assertThat(world.status.state().orders().pressed()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "nonce-2, b07, -7, m2, Approve, 42, NotOurs",
    "nonce-1, b08, -7, m2, Approve, 42, NotOurs",
    "nonce-1, b07, -8, m2, Approve, 42, NotOurs",
    "nonce-1, b07, -7, m1, Approve, 42, NotOurs",
    "nonce-1, b07, -7, m2, Approve, 43, NotAllowed",
    "nonce-1, b07, -7, m2, Ack, 43, NotAllowed",
    "nonce-1, b07, -7, m2, Reset, 42, NotWaiting",
    "nonce-1, b07, -7, m2, RunNow, 42, NotWaiting",
    "nonce-1, b07, -7, m2, Approve, 42, Stands",
    "nonce-1, b07, -7, m2, Ack, 42, Stands"
  })
  void everythingItWasBoundToHasToBeTheSame(
      String nonce, String bot, String chat, String message, Order order, String user, String is) {
    askedFor();
    var before = world.status;
    assertThat(message().messageId()).isEqualTo("m2");
    var press = new Press(nonce, bot, chat, message, order, user);
    assertThat(judged(press).getClass().getSimpleName()).isEqualTo(is);
    world.pressed = new Pressed(List.of(press), true, null);
    world.decide();
    if (!is.equals("Stands")) {
      assertThat(world.status.state()).isEqualTo(before.state());
    }
  }

  @Test
  void nobodyIsAllowedByDefaultAndWhoIsNoLongerAllowedIsNot() {
    askedFor();
    allow();
    assertThat(press(Order.Approve, ALICE).due()).isEmpty();
    assertThat(keyboard()).as("nobody may press it").isNull();
  }

  @Test
  void aStepThatAGateHoldsKeepsItsButtonAndAPressChangesNothing() {
    askedFor();
    var steady = world.gateway();
    world.gateway(World.found(null, 0, null, "rollout in progress"));
    world.after(Duration.ofSeconds(30)).down("gateway").decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Blocked);
    assertThat(judged(aPress(Order.Approve, ALICE))).isEqualTo(new Judged.NotWaiting(false));
    assertThat(press(Order.Approve, ALICE).due()).isEmpty();
    assertThat(world.status.state().orders().pressed()).isEmpty();
    world.pressed = Pressed.NONE;
    world.gateway(steady);
    world.after(Duration.ofSeconds(30)).down("gateway").decide();
    assertThat(press(Order.Approve, ALICE).due()).hasSize(1);
  }

  @Test
  void whatWasApprovedOtherwiseHasNoButtonAnyMore() {
    askedFor();
    var before = world.status.state();
    world.orders.put(Order.Approve, keyboard().step() + " by=bob");
    assertThat(world.decide().due()).hasSize(1);
    assertThat(keyboard()).isNull();
    assertThat(Keyboards.retired(before, world.status.state()))
        .singleElement()
        .satisfies(it -> assertThat(it.messageId()).isEqualTo("m2"));
  }

  @Test
  void theNextMessageTakesTheButtonsOver() {
    askedFor();
    var before = world.status.state();
    world.delivered(press(Order.Ack, ALICE));
    world.pressed = Pressed.NONE;
    world.decide();
    assertThat(keyboard().nonce()).isEqualTo("nonce-2");
    assertThat(keyboard().acknowledges()).as("it is").isFalse();
    assertThat(keyboard().step()).isNotNull();
    assertThat(Keyboards.retired(before, world.status.state()))
        .extracting(it -> it.keyboard().nonce())
        .containsExactly("nonce-1");
  }

  @Test
  void whatRecoversOrIsADayOldHasNoButton() {
    askedFor();
    var waiting = world.status;
    var late = aPress(Order.Approve, ALICE);
    world.after(Duration.ofHours(24)).down("gateway").decide();
    assertThat(keyboard()).isNull();

    world.status = waiting;
    world.after(Duration.ofSeconds(-24 * 3600 + 30)).up("gateway").decide();
    assertThat(judged(late)).isNotInstanceOf(Judged.Stands.class);
    assertThat(Keyboards.retired(waiting.state(), world.status.state())).hasSize(1);
  }

  @Test
  void thatNobodyHearsOfPressesIsACondition() {
    askedFor();
    world.pressed = new Pressed(List.of(), true, null);
    world.decide();
    assertThat(world.condition("ButtonsWork")).isEqualTo("True/Listening");
    world.pressed = new Pressed(List.of(), true, "Telegram says 'Conflict'");
    world.decide();
    assertThat(world.condition("ButtonsWork")).isEqualTo("False/NotListening");
    world.pressed = Pressed.NONE; // of a process that does not know
    world.decide();
    assertThat(world.condition("ButtonsWork")).isEqualTo("False/NotListening");
    allow();
    world.decide();
    assertThat(world.status.conditions()).noneMatch(c -> c.getType().equals("ButtonsWork"));
  }

  private void allow(String... users) {
    var telegram =
        new Telegram(
            CHAT, new ValueFrom(new SecretKeyRef("telegram", "token")), null, List.of(users));
    world.receivers = List.of(new Receiver("ops", Level.Degraded, telegram, null));
  }

  private Decision down() {
    world.up("gateway").decide();
    world.after(Duration.ofMinutes(1)).down("gateway").decide();
    return world.after(Duration.ofSeconds(1)).down("gateway").decide();
  }

  /** A step waits, and its message with buttons is in the chat. */
  private void askedFor() {
    world.delivered(down());
    world.decide();
    assertThat(keyboard()).isNotNull();
    assertThat(keyboard().step()).isNotNull();
    assertThat(keyboard().acknowledges()).isTrue();
  }

  private Decision press(Order order, String user) {
    world.pressed = new Pressed(List.of(aPress(order, user)), true, null);
    return world.decide();
  }

  private Press aPress(Order order, String user) {
    return new Press("nonce-" + sent, BOT, CHAT, "m2", order, user);
  }

  private Judged judged(Press press) {
    return Keyboards.judged(world.spec(), world.status.state(), Map.of(), press, world.now);
  }

  private Told message() {
    return world.incident().told().getFirst();
  }

  private Keyboard keyboard() {
    return message().keyboard();
  }

  private Handled pressed() {
    return world.status.state().orders().pressed().getLast();
  }
}
