package io.nexus.heartbeat.alert;

import static io.nexus.heartbeat.alert.Fixture.notice;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.alert.Bot.Polled;
import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.api.Keyboard;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.decide.Choices;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.decide.Press;
import io.nexus.heartbeat.demo.TelegramStandIn;
import io.nexus.heartbeat.demo.TelegramStandIn.Fault;
import io.nexus.heartbeat.net.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buttons under messages, from the channel that makes them to the bot that hears of them. */
class BotTest {
  private static final String CANARY = "canary-that-nobody-may-ever-see";
  private static final String TOKEN = "123456:" + CANARY;
  private static final Notice ASKS =
      Fixture.with(
          notice("k7f2aaaa", 1, 2), new Choices("k7f2-1f3a", "restart Deployment/gateway", true));

  private final Deadlines deadlines = new Deadlines();
  private TelegramStandIn telegram;

  @BeforeEach
  void start() throws Exception {
    telegram = TelegramStandIn.start(TOKEN, List.of("42", "-7", "@operations"), _ -> {});
  }

  @AfterEach
  void stop() {
    telegram.close();
    deadlines.close();
  }

  @Test
  void buttonsCarryAFreshNonceOfWhichOnlyTheHashIsKept() {
    var first = keyboard(send("42", ASKS));
    var second = keyboard(send("42", ASKS));
    assertThat(telegram.buttons().under(1))
        .containsExactly("✅ Approve: restart Deployment/gateway", "👀 Acknowledge");
    var carried = telegram.buttons().data(1, "Approve");
    assertThat(carried).startsWith("heartbeat:approve:");
    assertThat(carried.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(64);
    var nonce = carried.substring(carried.lastIndexOf(':') + 1);
    assertThat(telegram.buttons().data(1, "Acknowledge")).isEqualTo("heartbeat:ack:" + nonce);
    assertThat(telegram.buttons().data(2, "Approve")).isNotEqualTo(carried);
    assertThat(first)
        .isEqualTo(
            new Keyboard(
                Nonce.hash(nonce),
                bot().id(),
                "42",
                "k7f2-1f3a",
                true,
                Fixture.OPENED.plusSeconds(2).plus(Duration.ofHours(24))));
    assertThat(second.nonce()).isNotEqualTo(first.nonce());
  }

  @Test
  void thereAreNoButtonsWhereNobodyIsAllowedOrNothingIsAsked() {
    try (var deadline = deadlines.start(Duration.ofSeconds(5))) {
      var answer = Fixture.telegram(telegram.url(), "42", TOKEN).send(ASKS, deadline);
      assertThat(answer).isEqualTo(new Answer.Delivered("1"));
    }
    assertThat(send("42", notice("k7f2aaaa", 3, 3))).isEqualTo(new Answer.Delivered("2"));
    assertThat(telegram.buttons().under(1)).isEmpty();
    assertThat(telegram.buttons().under(2)).isEmpty();
  }

  @Test
  void theyAreBoundToTheChatThatTheMessageIsReallyIn() {
    assertThat(keyboard(send("@operations", ASKS)).chat()).isEqualTo("-1001234567890");
    telegram.next(new Fault.Migrated("-1007"));
    assertThat(keyboard(send("-7", ASKS)).chat()).isEqualTo("-1007");
  }

  @Test
  void aPressSaysWhatWhereAndWhoUntilItIsConfirmed() throws Exception {
    var keyboard = keyboard(send("42", ASKS));
    telegram.buttons().press(1, "Approve", 4242);
    var heard = updates(null);
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().press())
        .isEqualTo(new Press(keyboard.nonce(), keyboard.bot(), "42", "1", Order.Approve, "4242"));
    assertThat(updates(null)).as("it is not confirmed").isEqualTo(heard);
    assertThat(updates(heard.getFirst().id() + 1)).isEmpty();
    assertThat(telegram.buttons().unconfirmed()).isZero();

    try (var deadline = deadlines.start(Duration.ofSeconds(5))) {
      bot().answer(heard.getFirst().query(), "x".repeat(1000), true, deadline);
      bot().removeButtons("42", "1", deadline);
      bot().removeButtons("42", "1", deadline); // are gone, which is all that is wanted
      bot().removeButtons("42", "1; drop", deadline);
      assertThatThrownBy(() -> bot().answer("q1", "again", true, deadline))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("query is too old");
    }
    assertThat(telegram.buttons().shown().getFirst().words()).hasSize(200);
    assertThat(telegram.buttons().under(1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "menu:next",
        "heartbeat:approve:short",
        "heartbeat:delete-all:AAAAAAAAAAAAAAAAAAAAAA",
        "heartbeat:approve:AAAAAAAAAAAAAAAAAAAAAA:and more",
        "heartbeat:approve:AAAAAAAAAAAAAAAAAAAAA\n",
        "HEARTBEAT:approve:AAAAAAAAAAAAAAAAAAAAAA"
      })
  void whatIsNoButtonOfOursIsNoPress(String data) {
    send("42", ASKS);
    telegram.buttons().press(42, 1, data, 4242);
    assertThat(updates(null))
        .singleElement()
        .satisfies(update -> assertThat(update.press()).isNull());
  }

  @Test
  void whatStandsInTheWayIsSaidWithWhatToDoAndNeverWithTheToken() {
    var said = new ArrayList<Polled.Failed>();
    telegram
        .buttons()
        .next(
            new Fault.TooManyRequests(Duration.ofSeconds(7)),
            new Fault.ServerError(502),
            new Fault.HangUp());
    for (var fault = 0; fault < 3; fault++) {
      said.add(failed(bot()));
    }
    assertThat(said.get(0).retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(said.get(1).why()).contains("HTTP 502");
    telegram.buttons().webhook(true);
    said.add(failed(bot()));
    assertThat(said.getLast().lasting()).isTrue();
    assertThat(said.getLast().why())
        .contains("deleteWebhook", "give Heartbeat a bot of its own", "remove allowedUsers");
    said.add(failed(bot("123456:wrong-" + CANARY)));
    assertThat(said.getLast().lasting()).isTrue();
    assertThat(said.getLast().why())
        .contains("Unauthorized", "the bot token in Secret telegram, key token is wrong");
    var closed = bot();
    telegram.close();
    said.add(failed(closed));
    assertThat(said).extracting(Polled.Failed::why).noneMatch(why -> why.contains(CANARY));
    assertThat(closed + closed.id() + closed.words(new IOException("GET /bot" + TOKEN)))
        .doesNotContain(CANARY);
  }

  @Test
  void anotherTokenOrAnotherServerIsAnotherBot() {
    assertThat(bot().id()).isEqualTo(bot().id()).hasSize(32);
    assertThat(bot("123456:another-token").id()).isNotEqualTo(bot().id());
    var elsewhere = Fixture.telegram("https://telegram.example", "42", TOKEN).bot().orElseThrow();
    assertThat(elsewhere.id()).isNotEqualTo(bot().id());
  }

  private Answer send(String chat, Notice notice) {
    try (var deadline = deadlines.start(Duration.ofSeconds(5))) {
      return Fixture.telegram(telegram.url(), chat, TOKEN, "nexus", List.of("4242"))
          .send(notice, deadline);
    }
  }

  private static Keyboard keyboard(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Delivered.class);
    var keyboard = ((Answer.Delivered) answer).keyboard();
    assertThat(keyboard).isNotNull();
    return keyboard;
  }

  private Bot bot() {
    return bot(TOKEN);
  }

  private Bot bot(String token) {
    return Fixture.telegram(telegram.url(), "42", token).bot().orElseThrow();
  }

  private Polled poll(Bot bot, Long offset) {
    try (var deadline = deadlines.start(Duration.ofSeconds(5))) {
      return bot.poll(offset, Duration.ZERO, deadline);
    }
  }

  private List<Bot.Update> updates(Long offset) {
    var polled = poll(bot(), offset);
    assertThat(polled).isInstanceOf(Polled.Updates.class);
    return ((Polled.Updates) polled).updates();
  }

  private Polled.Failed failed(Bot bot) {
    var polled = poll(bot, null);
    assertThat(polled).isInstanceOf(Polled.Failed.class);
    return (Polled.Failed) polled;
  }
}
