package io.nexus.heartbeat.alert;

import static io.nexus.heartbeat.alert.Fixture.TOKEN;
import static io.nexus.heartbeat.alert.Fixture.notice;
import static io.nexus.heartbeat.alert.Fixture.telegram;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.decide.Choices;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.demo.TelegramStandIn;
import io.nexus.heartbeat.demo.TelegramStandIn.Fault;
import io.nexus.heartbeat.net.Deadlines;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelegramChannelTest {
  private static final Notice NOTICE = notice("k7f2aaaa", 1, 2);

  private final Deadlines deadlines = new Deadlines();
  private TelegramStandIn telegram;

  @BeforeEach
  void start() throws Exception {
    telegram = TelegramStandIn.start(TOKEN, List.of("42", "-7"), _ -> {});
  }

  @AfterEach
  void stop() {
    telegram.close();
    deadlines.close();
  }

  @Test
  void aMessageSaysWhatWhereSinceWhenAndWhatIsDone() {
    assertThat(send("42", NOTICE)).isEqualTo(new Answer.Delivered("1"));
    assertThat(telegram.messages().getFirst().text())
        .isEqualTo(
            """
            🔴 Critical nexus/nexus › gateway
            timed out after 5 s
            Since 23 Nov 03:00:00 UTC, for 2 s
            • 03:00:02 news 2
            → restart Deployment gateway is under way
            Incident k7f2""");
  }

  @Test
  void aResolvedMessageSaysHowLongItLasted() {
    send("42", Fixture.resolved(NOTICE));
    assertThat(telegram.messages().getFirst().text())
        .startsWith("✅ Resolved nexus/nexus › gateway\nIt was: timed out after 5 s\n")
        .contains("Lasted 4 min 10 s, 23 Nov 03:00:00 UTC to 23 Nov 03:04:10 UTC");
  }

  @Test
  void whatIsNoLongerWatchedIsNotCalledResolved() {
    var last =
        new Happening(
            3,
            Kind.Unwatched,
            Level.Critical,
            Fixture.OPENED.plusSeconds(250),
            "no longer watched: suspended; it was: timed out after 5 s");
    send("42", Fixture.with(NOTICE, last));
    assertThat(telegram.messages().getFirst().text())
        .isEqualTo(
            """
            ⏹ Unwatched nexus/nexus › gateway
            no longer watched: suspended; it was: timed out after 5 s
            Since 23 Nov 03:00:00 UTC, for 4 min 10 s
            Incident k7f2""");
  }

  @Test
  void theNextMessageIsThreadedUnderTheLast() {
    send("42", NOTICE);
    send("42", notice("k7f2aaaa", "slow", 3, 3, "1"));
    assertThat(telegram.messages().getLast().replyTo()).isEqualTo(1);
  }

  @Test
  void aMessageWhoseThreadIsGoneIsStillTold() {
    assertThat(send("42", notice("k7f2aaaa", "slow", 3, 3, "999")))
        .isInstanceOf(Answer.Delivered.class);
  }

  @Test
  void refusedMarkupIsSentAsPlainTextAtOnce() {
    telegram.next(new Fault.CannotParse());
    assertThat(send("42", NOTICE)).isInstanceOf(Answer.Delivered.class);
    assertThat(telegram.messages().getFirst().html()).isFalse();
  }

  @Test
  void aMigratedGroupIsToldUnderItsNewIdAndTheAnswerSaysSo() {
    telegram.next(new Fault.Migrated("-1007"));
    assertThat(send("-7", NOTICE))
        .isInstanceOfSatisfying(
            Answer.Delivered.class, d -> assertThat(d.hint()).contains("-1007", "set chatId"));
    assertThat(telegram.messages().getFirst().chatId()).isEqualTo("-1007");
  }

  @Test
  void retryAfterIsPassedOn() {
    telegram.next(new Fault.TooManyRequests(Duration.ofSeconds(7)));
    assertThat(send("42", NOTICE))
        .isEqualTo(
            new Answer.Later(
                "Telegram says 'Too Many Requests: retry after 7'", Duration.ofSeconds(7)));
  }

  @Test
  void whatMayPassIsTriedLater() {
    for (var fault :
        List.of(
            new Fault.TooManyRequests(null),
            new Fault.ServerError(502),
            new Fault.HangUp(),
            new Fault.AcceptThenHangUp())) {
      telegram.next(fault);
      assertThat(send("42", NOTICE)).as("%s", fault).isInstanceOf(Answer.Later.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 403, 404, 407, 451})
  void whatAProxyAnswersInTelegramsPlaceIsNotTelegramsRefusal(int status) {
    telegram.next(new Fault.ServerError(status));
    assertThat(send("42", NOTICE))
        .isInstanceOfSatisfying(
            Answer.Later.class,
            later ->
                assertThat(later.why())
                    .contains("127.0.0.1 did not answer as the Bot API does", "HTTP " + status));
  }

  @Test
  void anotherBotInTheSameChatHasItsOwnLaneAndLimits() {
    var one = telegram("https://api.telegram.org", "-7", "telegram", "shop");
    var same = telegram("https://api.telegram.org", "-7", "telegram", "shop");
    var anothers = telegram("https://api.telegram.org", "-7", "telegram", "billing");
    assertThat(one.destination()).isEqualTo(same.destination());
    assertThat(one.destination()).isNotEqualTo(anothers.destination());
    assertThat(one.limits()).doesNotContainAnyElementsOf(anothers.limits()).hasSize(3);
  }

  @Test
  void whetherItArrivedIsUnknownWhenTheAnswerNeverComesSoItIsToldAgain() {
    telegram.next(new Fault.AcceptThenSilence());
    try (var deadline = deadlines.start(Duration.ofMillis(300))) {
      assertThat(telegram(telegram.url(), "42", TOKEN).send(NOTICE, deadline))
          .isInstanceOfSatisfying(
              Answer.Later.class, later -> assertThat(later.why()).contains("timed out"));
    }
    assertThat(telegram.messages()).hasSize(1);
  }

  @Test
  void whatSomebodyMustMendIsRefusedWithWordsSayingWhat() {
    assertThat(refusal(send("43", NOTICE))).contains("chat not found", "chatId 43", "/start");
    telegram.next(new Fault.Blocked());
    assertThat(refusal(send("42", NOTICE))).contains("blocked", "unblock");
    assertThat(refusal(send(telegram.url(), "42", "123456:wrong-wrong-wrong")))
        .contains("Unauthorized", "Secret telegram, key token");
    assertThat(refusal(send(telegram.url(), "42", "../../x\r\nHost: y")))
        .contains("is not a bot token");
    assertThat(refusal(send("https://me:secret@example.org", "42", TOKEN))).contains("apiUrl");
  }

  @Test
  void theTokenIsInNoAnswer() {
    telegram.next(
        new Fault.ServerError(500),
        new Fault.HangUp(),
        new Fault.Blocked(),
        new Fault.TooManyRequests(null));
    for (var i = 0; i < 4; i++) {
      assertThat(send("42", NOTICE).toString()).doesNotContain("ABC-DEF");
    }
    var closed = telegram.url();
    telegram.close();
    assertThat(send(closed, "42", TOKEN).toString())
        .contains("connection refused")
        .doesNotContain("ABC-DEF");
    assertThat(telegram(closed, "42", TOKEN).destination()).doesNotContain("ABC-DEF");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<b>&amp;</i> <script> &lt; & < >",
        "\u202Eevil\u2066 \u200Fright to left",
        "\u001B[31mred\u001B[0m \u001B]0;title\u0007 bell",
        "line\nbreak\r\n\ttab\0nul",
        "half \uD83D a pair",
        ""
      })
  void noTextOfOthersIsRefusedOrMovesACursor(String hostile) {
    var long100k = (hostile + "😀").repeat(100_000 / (hostile.length() + 2));
    for (var text : List.of(hostile, long100k, "x" + long100k)) {
      var news = notice(hostile + "abcd", text, 1, 16, null);
      var notice =
          new Notice(
              text,
              "ops",
              "k7f2",
              text,
              news.level(),
              text,
              text,
              news.openedAt(),
              null,
              news.news(),
              null,
              Choices.NONE);
      assertThat(send("42", notice)).isInstanceOf(Answer.Delivered.class);
      var said = telegram.messages().getLast();
      assertThat(said.html()).isTrue();
      assertThat(said.text().length()).isLessThanOrEqualTo(TelegramChannel.LONGEST);
      assertThat(said.text()).doesNotContain("\u001B", "\u202E", "\u2066", "\u200F", "\0");
    }
  }

  private static String refusal(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).why();
  }

  private Answer send(String chatId, Notice notice) {
    try (var deadline = deadlines.start(Duration.ofSeconds(30))) {
      return telegram(telegram.url(), chatId, TOKEN).send(notice, deadline);
    }
  }

  private Answer send(String url, String chatId, String token) {
    try (var deadline = deadlines.start(Duration.ofSeconds(30))) {
      return telegram(url, chatId, token).send(NOTICE, deadline);
    }
  }
}
