package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Alerts;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the engine still says and does when things go wrong around it. */
class LastWordsTest {
  private static final MonitorKey KEY = new MonitorKey("shop", "shop");

  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final Courier courier = new Courier(deadlines, _ -> {}, Tally.NONE);
  private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
  private final AtomicReference<HeartbeatMonitor> stored = new AtomicReference<>();
  private final List<Notice> told = new CopyOnWriteArrayList<>();
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final AtomicInteger failed = new AtomicInteger();
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    stored.set(monitor(closedPort()));
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var home =
        new HostHome(
            store(),
            Actor.NONE,
            new Surroundings(dialer, Secrets.NONE, Endpoints.NONE, clients),
            (_, _) -> channel());
    engine =
        new Engine(
            home,
            courier,
            deadlines,
            text -> text,
            () -> Instant.now().plus(passed.get()),
            new EngineListener() {
              @Override
              public void turnFailed(MonitorKey monitor) {
                failed.incrementAndGet();
              }
            },
            _ -> {});
  }

  @AfterEach
  void stop() {
    engine.close();
    courier.close();
    clients.close();
    deadlines.close();
  }

  @Test
  void aStoreThatFailsIsSaidOnceCountedAndAfterAMinuteALackOfReadiness() throws Exception {
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    var logger = (Logger) LoggerFactory.getLogger(Outages.class);
    logger.addAppender(log);
    try {
      broken.set("no space left on device");
      turnFails();
      assertThat(engine.outage()).isEmpty();
      passed.set(Duration.ofSeconds(90));
      turnFails();
      assertThat(engine.outage()).hasValueSatisfying(why -> assertThat(why).contains("shop/shop"));
      assertThat(failed).hasValue(2);
      assertThat(log.list)
          .filteredOn(e -> e.getLevel() == Level.ERROR)
          .extracting(ILoggingEvent::getFormattedMessage)
          .singleElement()
          .asString()
          .contains("shop/shop", "no space left on device", "nobody is told");
      broken.set(null);
      engine.turn(stored.get());
      assertThat(engine.outage()).isEmpty();
    } finally {
      logger.detachAppender(log);
    }
  }

  private void turnFails() {
    assertThatThrownBy(() -> engine.turn(stored.get())).isInstanceOf(Unavailable.class);
  }

  @Test
  void aMonitorDeletedJustAfterAnIncidentOpenedStillHasItsLastWord() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              engine.turn(stored.get());
              return !stored.get().getStatus().state().incidents().isEmpty();
            });
    engine.forget(KEY);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> told.stream().anyMatch(n -> n.news().getLast().kind() == Kind.Unwatched));
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

  private Channel channel() {
    return new Channel() {
      @Override
      public Answer send(Notice notice, Deadline deadline) {
        told.add(notice);
        return new Answer.Delivered(null);
      }

      @Override
      public String destination() {
        return "test";
      }

      @Override
      public String kind() {
        return "test";
      }
    };
  }

  private static HeartbeatMonitor monitor(int port) {
    var target =
        ATarget.of("gateway", new TcpTarget("127.0.0.1", port))
            .every(Duration.ofSeconds(1))
            .build();
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(KEY.namespace())
            .withName(KEY.name())
            .withUid("uid")
            .withGeneration(1L)
            .build());
    var ops = new Receiver("ops", io.nexus.heartbeat.api.Level.Degraded, null, null);
    monitor.setSpec(
        new MonitorSpec(null, null, false, null, List.of(target), null, new Alerts(List.of(ops))));
    return monitor;
  }

  private static int closedPort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
