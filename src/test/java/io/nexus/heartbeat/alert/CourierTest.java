package io.nexus.heartbeat.alert;

import static io.nexus.heartbeat.alert.Fixture.notice;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Deadlines;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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
        .containsExactly(new Delivery.Delivered("nexus/nexus", "i", "ops", 2, "7", null, null));
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
  void whatIsLateIsNewsAndWarnedOfOnceWhateverHowOftenItIsTried() {
    var why = new AtomicReference<>("Secret telegram not found");
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    var logger = (Logger) LoggerFactory.getLogger(Outcomes.class);
    logger.addAppender(log);
    try {
      courier.offer(notice("i", 1, 1), channel("a", _ -> new Answer.Later(why.get(), null)));
      time.pass(Duration.ofMinutes(2));
      var late = new Delivery.Delayed("nexus/nexus", "i", "ops", 1, "Secret telegram not found");
      assertThat(courier.news("nexus/nexus")).containsExactly(late);
      courier.settle("nexus/nexus", List.of(late));
      time.pass(Duration.ofHours(5));
      assertThat(courier.news("nexus/nexus")).isEmpty();
      assertThat(sent.size()).isGreaterThan(50);
      assertThat(woken).hasSize(1);
      assertThat(log.list).filteredOn(e -> e.getLevel() == Level.WARN).hasSize(1);
    } finally {
      logger.detachAppender(log);
    }
    why.set("Secret telegram is not released");
    time.pass(Duration.ofMinutes(6));
    assertThat(courier.news("nexus/nexus"))
        .extracting(d -> ((Delivery.Delayed) d).why())
        .containsExactly("Secret telegram is not released");
  }

  @Test
  void aProviderThatAsksForMoreThanAMinuteIsLateAtOnce() {
    courier.offer(
        notice("i", 1, 1), channel("a", _ -> new Answer.Later("busy", Duration.ofMinutes(30))));
    time.pass(Duration.ofSeconds(1));
    assertThat(courier.news("nexus/nexus")).hasOnlyElementsOfType(Delivery.Delayed.class);
    assertThat(sent).hasSize(1);
  }

  @Test
  void aProviderThatAsksForNoTimeIsNotHurried() {
    courier.offer(notice("i", 1, 1), channel("a", _ -> new Answer.Later("0", Duration.ZERO)));
    time.pass(Duration.ofMinutes(1));
    assertThat(sent.size()).isLessThan(30);
  }

  @Test
  void whatIsNoLongerWantedIsNotTriedAgain() {
    var kept = notice("kept", 1, 1);
    var channel = channel("a", _ -> new Answer.Later("down", null));
    courier.offer(notice("i", 1, 1), channel);
    courier.offer(kept, channel("b", _ -> new Answer.Later("down", Duration.ofMinutes(30))));
    time.pass(Duration.ofMinutes(5));
    courier.settle("nexus/nexus", courier.news("nexus/nexus"));
    courier.retain("nexus/nexus", List.of(kept));
    sent.clear();
    time.pass(Duration.ofHours(1));
    assertThat(sent).isNotEmpty().allMatch(n -> n.incident().equals("kept"));
    assertThat(courier.health().undelivered()).isEqualTo(1);
  }

  @Test
  void whatIsWithdrawnOnItsWayIsNotTriedAgainEither() {
    var channel =
        channel(
            "a",
            _ -> {
              courier.retain("nexus/nexus", List.of());
              return new Answer.Later("down", null);
            });
    courier.offer(notice("i", 1, 1), channel);
    time.pass(Duration.ofHours(1));
    assertThat(sent).hasSize(1);
    assertThat(courier.health().undelivered()).isZero();
    assertThat(time.isIdle()).isTrue();
  }

  @Test
  void theLastWordsOfAMonitorAreToldWhateverANewOneOfItsNameWants() {
    var channel =
        channel(
            "a",
            _ -> sent.size() == 1 ? new Answer.Later("down", null) : new Answer.Delivered("7"));
    courier.offer(notice("i", 1, 1), channel);
    courier.forget("nexus/nexus");
    time.pass(Duration.ZERO);
    courier.retain("nexus/nexus", List.of());
    time.pass(Duration.ofHours(1));
    assertThat(courier.news("nexus/nexus")).hasOnlyElementsOfType(Delivery.Delivered.class);
  }

  @Test
  void anErrorInAChannelHoldsUpNeitherItsMessageNorTheNext() {
    var broken =
        channel(
            "a",
            _ -> {
              if (sent.size() == 1) {
                throw new NoClassDefFoundError("some/Class");
              }
              return new Answer.Delivered(null);
            });
    courier.offer(notice("i", 1, 1), broken);
    courier.offer(notice("j", 1, 1), broken);
    time.pass(Duration.ofMinutes(1));
    assertThat(courier.news("nexus/nexus"))
        .extracting(Delivery::incident)
        .containsExactlyInAnyOrder("i", "j");
  }

  @Test
  void aTallyThatThrowsHoldsUpNothing() {
    Tally broken =
        (Tally)
            Proxy.newProxyInstance(
                Tally.class.getClassLoader(),
                new Class<?>[] {Tally.class},
                (_, _, _) -> {
                  throw new IllegalStateException("no such meter");
                });
    try (var counted =
        new Courier(deadlines, woken::add, broken, time, new Random(1), Patience.DEFAULT)) {
      counted.offer(notice("i", 1, 1), channel("a", _ -> new Answer.Delivered(null)));
      counted.offer(notice("j", 1, 1), channel("a", _ -> new Answer.Refused("gone")));
      time.pass(Duration.ofMinutes(1));
      assertThat(counted.health().undelivered()).isZero();
      assertThat(woken).hasSize(2);
    }
  }

  @Test
  void newsComesInTheOrderItHappenedWithinAnIncidentAndAcross() {
    var channel =
        channel(
            "a",
            n ->
                n.seq() == 1 && n.incident().equals("i")
                    ? new Answer.Refused("gone")
                    : new Answer.Delivered(null));
    courier.offer(notice("i", 1, 1), channel);
    time.pass(Duration.ofSeconds(1));
    courier.offer(notice("j", 1, 1), channel);
    time.pass(Duration.ofSeconds(1));
    courier.offer(notice("i", 1, 2), channel);
    time.pass(Duration.ofSeconds(1));
    assertThat(courier.news("nexus/nexus"))
        .extracting(d -> d.incident() + d.seq() + d.getClass().getSimpleName())
        .containsExactly("i1Dead", "j1Delivered", "i2Delivered");
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
