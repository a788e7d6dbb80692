package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.alert.TelegramChannel;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Alerts;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Alerts.Telegram;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.demo.TelegramButtons;
import io.nexus.heartbeat.demo.TelegramStandIn;
import io.nexus.heartbeat.demo.TelegramStandIn.Fault;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.SecretValue;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Presses, from the Bot API to the status and back, whatever fails in between. */
class ButtonsTest {
  private static final MonitorKey KEY = new MonitorKey("shop", "shop");
  private static final String TOKEN = "123456:canary-that-nobody-may-ever-see";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long ALICE = 42;

  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
  private final AtomicReference<HeartbeatMonitor> stored = new AtomicReference<>();
  private final List<AutoCloseable> running = new ArrayList<>();
  private final AtomicReference<String> token = new AtomicReference<>(TOKEN);
  private TelegramStandIn telegram;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    telegram = TelegramStandIn.start(TOKEN, List.of("7"), _ -> {});
    stored.set(monitor());
    engine = engine();
  }

  @AfterEach
  void stop() throws Exception {
    for (var one : running) {
      one.close();
    }
    telegram.close();
    clients.close();
    deadlines.close();
  }

  @Test
  void whatIsStoredAndNotConfirmedWhenItDiesIsHeardAgainAndChangesNothing() throws Exception {
    messageIsThere();
    telegram.buttons().press(1, "Acknowledge", ALICE);
    assertThat(engine.buttons().lookOnce()).isTrue();
    assertThat(telegram.buttons().shown()).as("nothing is stored yet").isEmpty();
    assertThat(incident().attentionOrNone().acknowledgedBy()).isNull();
    engine.turn(stored.get()); // and here it dies
    assertThat(incident().attentionOrNone().acknowledgedBy()).isEqualTo("telegram:42");
    assertThat(telegram.buttons().unconfirmed()).isEqualTo(1);

    var next = engine();
    next.turn(stored.get());
    assertThat(next.buttons().lookOnce()).as("a turn has nothing to take").isFalse();
    next.turn(stored.get());
    assertThat(telegram.buttons().shown())
        .singleElement()
        .satisfies(it -> assertThat(it.words()).isEqualTo("gateway: acknowledged"));
    assertThat(next.buttons().lookOnce()).isFalse();
    assertThat(telegram.buttons().unconfirmed()).isZero();
    assertThat(incident().story()).filteredOn(h -> h.kind() == Kind.Acknowledged).hasSize(1);
  }

  @Test
  void whatCannotBeStoredIsNotConfirmedAndNotLost() throws Exception {
    messageIsThere();
    telegram.buttons().press(1, "Acknowledge", ALICE);
    broken.set("no space left on device");
    assertThat(engine.buttons().lookOnce()).isTrue();
    try {
      engine.turn(stored.get());
    } catch (Unavailable e) {
      assertThat(e).hasMessage("no space left on device");
    }
    assertThat(engine.buttons().lookOnce()).isFalse();
    assertThat(telegram.buttons().unconfirmed()).isEqualTo(1);
    assertThat(telegram.buttons().shown()).isEmpty();

    broken.set(null);
    engine.turn(stored.get());
    assertThat(engine.buttons().lookOnce()).isFalse();
    assertThat(telegram.buttons().shown()).hasSize(1);
    assertThat(telegram.buttons().unconfirmed()).isZero();
    assertThat(incident().attentionOrNone().acknowledgedBy()).isEqualTo("telegram:42");
  }

  @Test
  void whoMayNotPressIsToldSoAndNothingIsRead() throws Exception {
    messageIsThere();
    var before = stored.get();
    telegram.buttons().press(1, "Acknowledge", 666);
    assertThat(engine.buttons().lookOnce()).as("no order").isFalse();
    assertThat(telegram.buttons().shown())
        .containsExactly(
            new TelegramButtons.Shown(666, "You are not allowed to press this button.", true));
    assertThat(stored.get()).isSameAs(before);
    assertThat(telegram.buttons().under(1)).hasSize(1);
  }

  @Test
  void aTokenThatCannotBeReadIsSaid() throws Exception {
    messageIsThere();
    token.set("no token at all");
    var next = engine();
    next.turn(stored.get());
    assertThat(next.buttons().lookOnce()).isFalse();
    next.turn(stored.get());
    assertThat(stored.get().getStatus().conditions())
        .anySatisfy(
            c ->
                assertThat(c.getMessage())
                    .isEqualTo("the bot token of receiver ops cannot be read, or is none"));
    assertThat(telegram.buttons().polls()).isZero();
  }

  @Test
  void aButtonOfNobodyIsTakenAwayAndWhatIsNoButtonOfOursIsPassedBy() throws Exception {
    messageIsThere();
    var buttons = telegram.buttons();
    buttons.press(7, 1, "heartbeat:ack:AAAAAAAAAAAAAAAAAAAAAA", ALICE);
    buttons.press(7, 1, "menu:next", ALICE);
    assertThat(engine.buttons().lookOnce()).isFalse();
    assertThat(buttons.shown())
        .singleElement()
        .satisfies(it -> assertThat(it.words()).isEqualTo("No longer waiting."));
    assertThat(buttons.under(1)).isEmpty();
    assertThat(engine.buttons().lookOnce()).isFalse();
    assertThat(buttons.unconfirmed()).isZero();
  }

  @Test
  void theBotApiIsLeftAloneForAsLongAsItAsksAndTriedOnWhateverItAnswers() throws Exception {
    messageIsThere();
    telegram
        .buttons()
        .next(
            new Fault.TooManyRequests(Duration.ofSeconds(4)),
            new Fault.HangUp(),
            new Fault.ServerError(502));
    var begun = System.nanoTime();
    engine.buttons().start();
    await().atMost(PATIENCE).until(() -> telegram.buttons().polls() == 2);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(4));
    telegram.buttons().press(1, "Acknowledge", ALICE);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              engine.turn(stored.get());
              return telegram.buttons().shown().size() == 1;
            });
    assertThat(telegram.buttons().polls()).isGreaterThanOrEqualTo(4);
    await().atMost(PATIENCE).until(() -> telegram.buttons().unconfirmed() == 0);
  }

  @Test
  void thatAnotherProgramAsksIsSaidOnceItLasts() throws Exception {
    messageIsThere();
    engine.buttons().start();
    try (var other = other()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                engine.turn(stored.get());
                assertThat(stored.get().getStatus().conditions())
                    .anySatisfy(
                        c -> {
                          assertThat(c.getType()).isEqualTo("ButtonsWork");
                          assertThat(c.getStatus()).isEqualTo("False");
                          assertThat(c.getMessage())
                              .contains("another program asks for this bot's updates")
                              .doesNotContain("canary");
                        });
              });
      assertThat(other).isNotNull();
    }
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              engine.turn(stored.get());
              assertThat(stored.get().getStatus().conditions())
                  .anySatisfy(
                      c -> assertThat(c.getReason()).as(c.getMessage()).isEqualTo("Listening"));
            });
  }

  /** A program of somebody else's that asks for the same bot's updates, and again at once. */
  private AutoCloseable other() {
    var asking =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (var client = HttpClient.newHttpClient()) {
                    var request =
                        HttpRequest.newBuilder(
                                URI.create(telegram.url() + "/bot" + TOKEN + "/getUpdates"))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"timeout\": 50}"))
                            .build();
                    while (!Thread.interrupted()) {
                      client.send(request, HttpResponse.BodyHandlers.discarding());
                    }
                  } catch (IOException | InterruptedException _) {
                    // its test is over
                  }
                });
    return () -> {
      asking.interrupt();
      asking.join();
    };
  }

  private void messageIsThere() throws Exception {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              engine.turn(stored.get());
              var status = stored.get().getStatus();
              return status != null
                  && status.state().incidents().stream()
                      .flatMap(it -> it.told().stream())
                      .anyMatch(told -> told.keyboard() != null);
            });
    assertThat(telegram.buttons().under(1)).containsExactly("👀 Acknowledge");
  }

  private Incident incident() {
    return stored.get().getStatus().state().incidents().getFirst();
  }

  private Engine engine() {
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    Secrets secrets = (_, _) -> SecretValue.of(token.get());
    var courier = new Courier(deadlines, _ -> {}, Tally.NONE);
    var home =
        new HostHome(
            store(),
            Actor.NONE,
            new Surroundings(dialer, secrets, Endpoints.NONE, clients),
            (namespace, receiver) -> channel(namespace, receiver, secrets, dialer));
    var made =
        new Engine(
            home,
            courier,
            deadlines,
            text -> text,
            InstantSource.system(),
            new EngineListener() {},
            _ -> {});
    running.add(made);
    running.add(courier);
    return made;
  }

  private Channel channel(
      String namespace, Receiver receiver, Secrets secrets, VettedDialer dialer) {
    return new TelegramChannel(receiver.telegram(), namespace, secrets, clients.http(), dialer);
  }

  private StatusStore store() {
    return new StatusStore() {
      @Override
      public Optional<HeartbeatMonitor> read(MonitorKey key) {
        return Optional.of(stored.get());
      }

      @Override
      public HeartbeatMonitor write(HeartbeatMonitor on, MonitorStatus status) throws Unavailable {
        if (broken.get() instanceof String why) {
          throw new Unavailable(why, null);
        }
        var written = new HeartbeatMonitor();
        written.setMetadata(on.getMetadata());
        written.setSpec(on.getSpec());
        written.setStatus(status);
        stored.set(written);
        return written;
      }
    };
  }

  private HeartbeatMonitor monitor() throws Exception {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    var target =
        ATarget.of("gateway", new TcpTarget("127.0.0.1", closed))
            .every(Duration.ofSeconds(1))
            .build();
    var from = new ValueFrom(new SecretKeyRef("telegram", "token"));
    var ops =
        new Receiver(
            "ops", Level.Degraded, new Telegram("7", from, telegram.url(), List.of("42")), null);
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(KEY.namespace())
            .withName(KEY.name())
            .withUid("uid")
            .withGeneration(1L)
            .build());
    monitor.setSpec(
        new MonitorSpec(null, null, false, null, List.of(target), null, new Alerts(List.of(ops))));
    return monitor;
  }
}
