package io.nexus.heartbeat.alert;

import static io.nexus.heartbeat.alert.Fixture.notice;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CourierTest {
  private final VirtualTime time = new VirtualTime();
  private final Deadlines deadlines = new Deadlines();
  private final List<String> woken = new ArrayList<>();
  private final Courier courier =
      new Courier(deadlines, woken::add, Tally.NONE, time, new Random(1), Patience.DEFAULT);
  private final List<Notice> sent = new ArrayList<>();

  @AfterEach
  void stop() {
    courier.close();
    deadlines.close();
  }

  @Test
  void whatWasDeliveredIsNotSentAgainBeforeItIsSettled() {
    var channel = channel("a", _ -> new Answer.Delivered("7"));
    courier.offer(notice("i", 1, 2), channel);
    time.pass(Duration.ofSeconds(1));
    courier.offer(notice("i", 1, 2), channel);
    time.pass(Duration.ofHours(1));

    assertThat(sent).hasSize(1);
    assertThat(woken).containsExactly("nexus/nexus");
    assertThat(courier.news("nexus/nexus"))
        .containsExactly(new Delivery.Delivered("nexus/nexus", "i", "ops", 2, "7", null));
  }

  @Test
  void whatIsNewerThanAnUnsettledDeliveryIsToldAloneAndThreadedUnderIt() {
    var channel = channel("a", _ -> new Answer.Delivered("7"));
    courier.offer(notice("i", 1, 2), channel);
    time.pass(Duration.ofSeconds(1));
    courier.offer(notice("i", 1, 3), channel);
    time.pass(Duration.ofSeconds(1));

    assertThat(sent.getLast().news()).extracting(h -> h.seq()).containsExactly(3);
    assertThat(sent.getLast().lastMessageId()).isEqualTo("7");
  }

  @Test
  void aNewerNoticeReplacesTheOneThatWaits() {
    var channel = channel("a", _ -> new Answer.Later("down", Duration.ofMinutes(1)));
    for (var seq = 1; seq <= 50; seq++) {
      courier.offer(notice("i", 1, seq), channel);
    }
    time.pass(Duration.ofSeconds(1));
    assertThat(sent).extracting(Notice::seq).containsExactly(50);
    assertThat(courier.health()).isEqualTo(new Courier.Health(1, Duration.ofSeconds(1)));
  }

  @Test
  void whatCannotBeDeliveredForADayIsVisiblyDead() {
    courier.offer(notice("i", 1, 1), channel("a", _ -> new Answer.Later("HTTP 502", null)));
    time.pass(Duration.ofDays(2));
    assertThat(courier.news("nexus/nexus"))
        .containsExactly(
            new Delivery.Dead("nexus/nexus", "i", "ops", 1, "not delivered for 1 d: HTTP 502"));
    assertThat(courier.health().undelivered()).isZero();
  }

  @Test
  void nothingMoreIsSentForAForgottenMonitor() {
    var channel = channel("a", _ -> new Answer.Later("down", null));
    courier.offer(notice("i", 1, 1), channel);
    time.pass(Duration.ZERO);
    courier.forget("nexus/nexus");
    time.pass(Duration.ofHours(1));
    assertThat(sent).hasSize(1);
    assertThat(time.isIdle()).isTrue();
  }

  @Test
  void aDestinationThatHangsDelaysNoOtherAndClosingEndsIt() throws Exception {
    var hanging = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var news = new LinkedBlockingQueue<String>();
    try (var real = new Courier(deadlines, news::add, Tally.NONE)) {
      real.offer(notice("slow", 1, 1), hanging(hanging, ended));
      assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
      real.offer(notice("quick", 1, 1), channel("b", _ -> new Answer.Delivered(null)));
      assertThat(news.poll(30, TimeUnit.SECONDS)).isEqualTo("nexus/nexus");
      real.close(Duration.ZERO);
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Channel hanging(CountDownLatch begun, CountDownLatch ended) {
    return new Channel() {
      @Override
      public Answer send(Notice notice, Deadline deadline) throws InterruptedException {
        begun.countDown();
        try {
          new CountDownLatch(1).await();
        } finally {
          ended.countDown();
        }
        return new Answer.Delivered(null);
      }

      @Override
      public String destination() {
        return "a";
      }

      @Override
      public String kind() {
        return "test";
      }
    };
  }

  private Channel channel(String destination, Function<Notice, Answer> answers) {
    return new Channel() {
      @Override
      public Answer send(Notice notice, Deadline deadline) {
        sent.add(notice);
        return answers.apply(notice);
      }

      @Override
      public String destination() {
        return destination;
      }

      @Override
      public String kind() {
        return "test";
      }
    };
  }
}
