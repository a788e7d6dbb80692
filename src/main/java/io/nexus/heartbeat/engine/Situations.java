package io.nexus.heartbeat.engine;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.nexus.heartbeat.alert.Delivery;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.decide.Circumstances;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.SelfDoubt;
import io.nexus.heartbeat.decide.Situation;
import io.nexus.heartbeat.engine.Schedule.Watch;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a decision is made from, gathered at one moment. */
final class Situations {
  private final SecureRandom random = new SecureRandom();
  private final Home home;
  private final PushIntake pushes;
  private final Presses presses;
  private final InstantSource clock;

  Situations(Home home, PushIntake pushes, Presses presses, InstantSource clock) {
    this.home = home;
    this.pushes = pushes;
    this.presses = presses;
    this.clock = clock;
  }

  Situation of(
      HeartbeatMonitor monitor,
      Watch watch,
      List<Delivery> news,
      Results results,
      Map<Look, Facts> facts,
      Circumstances circumstances) {
    var spec = monitor.getSpec();
    return new Situation(
        MonitorKey.of(monitor).toString(),
        watch.uid(),
        watch.generation(),
        spec,
        monitor.getStatus() == null ? MonitorStatus.NONE : monitor.getStatus(),
        watch.assessments(),
        watch.checks(),
        watch.proven(),
        facts,
        results.acts(),
        results.putBack(),
        circumstances,
        told(news),
        Receivers.results(news),
        Receivers.of(spec, home.standingReceivers()),
        // What is decided on is what is stored: RFC 3339 with milliseconds.
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        nonce(),
        pushes.listeningSince(),
        Order.in(monitor.getMetadata().getAnnotations()),
        presses.of(MonitorKey.of(monitor)),
        Readiness.of(spec).orElse(null));
  }

  /** What bears on every act, when something may be done. */
  Circumstances circumstances(MonitorKey key, Collection<Watch> watches)
      throws InterruptedException {
    var failing = Peers.failing(watches);
    var doubt = SelfDoubt.isDue(failing) ? home.ownTrouble() : Optional.<String>empty();
    return new Circumstances(
        home.clockTrouble().orElse(null),
        doubt.map(why -> SelfDoubt.words(failing, why)).orElse(null),
        home.budget().closed(key.namespace()).orElse(null));
  }

  /** By incident. */
  static Map<String, List<Told>> told(List<Delivery> news) {
    return news.stream()
        .filter(Delivery::isFinal)
        .collect(groupingBy(Delivery::incident, mapping(Situations::told, toList())));
  }

  private static Told told(Delivery delivery) {
    return delivery instanceof Delivery.Delivered it
        ? new Told(it.receiver(), it.seq(), it.messageId(), it.keyboard())
        : new Told(delivery.receiver(), delivery.seq(), null, null);
  }

  private String nonce() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
