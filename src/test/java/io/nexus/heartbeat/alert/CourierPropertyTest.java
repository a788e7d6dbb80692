package io.nexus.heartbeat.alert;

import static io.nexus.heartbeat.alert.Fixture.TOKEN;
import static io.nexus.heartbeat.alert.Fixture.notice;
import static io.nexus.heartbeat.alert.Fixture.telegram;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.demo.TelegramStandIn;
import io.nexus.heartbeat.demo.TelegramStandIn.Fault;
import io.nexus.heartbeat.demo.TelegramStandIn.Message;
import io.nexus.heartbeat.net.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CourierPropertyTest {
  private static final int INCIDENTS = 4;

  @Provide
  Arbitrary<List<Fault>> faults() {
    return Arbitraries.<Fault>of(
            new Fault.TooManyRequests(null),
            new Fault.TooManyRequests(Duration.ofSeconds(9)),
            new Fault.ServerError(502),
            new Fault.AcceptThenHangUp(),
            new Fault.HangUp(),
            new Fault.Blocked(),
            new Fault.CannotParse())
        .list()
        .ofMaxSize(15);
  }

  @Property(tries = 60)
  void everyNoticeIsDeliveredInOrderOrVisiblyDeadAndNoLimitIsExceeded(
      @ForAll("faults") List<Fault> faults, @ForAll long seed) throws Exception {
    var time = new VirtualTime();
    try (var deadlines = new Deadlines();
        var telegram = TelegramStandIn.start(TOKEN, List.of("-7"), _ -> {}, time::nanos);
        var courier =
            new Courier(deadlines, _ -> {}, Tally.NONE, time, new Random(seed), Patience.DEFAULT)) {
      telegram.limitRates();
      telegram.next(faults.toArray(Fault[]::new));
      var channel = telegram(telegram.url(), "-7", TOKEN);
      for (var seq = 1; seq <= 3; seq++) {
        for (var incident = 0; incident < INCIDENTS; incident++) {
          courier.offer(notice(incident + "abc-full-id", 1, seq), channel);
          courier.offer(notice(incident + "abc-full-id", 1, seq), channel);
        }
        time.pass(Duration.ofSeconds(2));
      }
      time.pass(Duration.ofDays(2));

      assertThat(courier.health().undelivered()).isZero();
      assertThat(time.isIdle()).isTrue();
      for (var incident = 0; incident < INCIDENTS; incident++) {
        var id = incident + "abc-full-id";
        assertThat(courier.news("nexus/nexus"))
            .anySatisfy(
                news -> {
                  assertThat(news.incident()).isEqualTo(id);
                  assertThat(news.seq()).isEqualTo(3);
                });
        var told = lastNews(telegram.messages(), incident);
        assertThat(told).isSorted();
        if (!faults.contains(new Fault.AcceptThenHangUp())) {
          assertThat(told).doesNotHaveDuplicates();
        }
      }
      if (!faults.contains(new Fault.CannotParse())) {
        var rejected = telegram.requests() - telegram.messages().size();
        assertThat(rejected).as("only scripted faults").isLessThanOrEqualTo(faults.size());
      }
      assertWithinLimits(telegram.messages());
      courier.settle("nexus/nexus", courier.news("nexus/nexus"));
      assertThat(courier.news("nexus/nexus")).isEmpty();
    }
  }

  private static List<Integer> lastNews(List<Message> messages, int incident) {
    return messages.stream()
        .map(Message::text)
        .filter(text -> text.endsWith("Incident " + incident + "abc"))
        .map(text -> text.contains("news 3") ? 3 : text.contains("news 2") ? 2 : 1)
        .toList();
  }

  private static void assertWithinLimits(List<Message> messages) {
    for (var i = 1; i < messages.size(); i++) {
      var apart = messages.get(i).atNanos() - messages.get(i - 1).atNanos();
      assertThat(Duration.ofNanos(apart)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
    for (var i = 20; i < messages.size(); i++) {
      var apart = messages.get(i).atNanos() - messages.get(i - 20).atNanos();
      assertThat(Duration.ofNanos(apart)).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
    }
  }
}
