package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.decide.Conditions;
import io.nexus.heartbeat.decide.Situation.NotReady;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine over real sockets, with statuses in memory; turns are taken by hand. */
class EngineTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofSeconds(1);

  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final Courier courier = new Courier(deadlines, _ -> {}, Tally.NONE);
  private final Memory statuses = new Memory();
  private final Looks looks = new Looks();
  private ServerSocket server;
  private Engine engine;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    engine = engine();
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
    courier.close();
    clients.close();
    deadlines.close();
    server.close();
  }

  @Test
  void anEditedCheckStartsFromNothing() throws Exception {
    declare(1, target("gateway", OFTEN, server.getLocalPort()));
    awaitHealthy("True/TargetsHealthy");

    declare(2, target("gateway", OFTEN, closedPort(), 3));
    assertThat(turn()).isEqualTo("Unknown/NotYetChecked");
    awaitHealthy("False/TargetsCritical");
  }

  @Test
  void anEditThatLeavesACheckAsItWasKeepsWhatIsKnownButAsksAgain() throws Exception {
    declare(1, target("gateway", NEVER, server.getLocalPort()));
    awaitHealthy("True/TargetsHealthy");

    declare(2, target("gateway", NEVER, server.getLocalPort(), 7));
    assertThat(turn()).isEqualTo("Unknown/NotYetChecked");
    assertThat(statuses.monitor().getStatus().level()).isEqualTo(Level.Healthy);
    awaitHealthy("True/TargetsHealthy");
  }

  @Test
  void whatAnotherProcessDidNotCheckIsNotTakenAsChecked() throws Exception {
    declare(1, target("gateway", NEVER, server.getLocalPort()));
    awaitHealthy("True/TargetsHealthy");
    declare(2, target("gateway", NEVER, server.getLocalPort()));
    assertThat(turn()).isEqualTo("Unknown/NotYetChecked");

    engine.close();
    engine = engine();
    assertThat(turn()).isEqualTo("Unknown/NotYetChecked");
    awaitHealthy("True/TargetsHealthy");
  }

  @Test
  void whatWasNotProcessedIsNotTakenAsCheckedEither() throws Exception {
    declare(1, target("gateway", NEVER, server.getLocalPort()));
    awaitHealthy("True/TargetsHealthy");
    declare(2, target("gateway", NEVER, server.getLocalPort()));
    assertThat(turn()).isEqualTo("Unknown/NotYetChecked");
    complain();

    engine.close();
    engine = engine();
    assertThat(turn()).isEqualTo("Unknown/NotYetChecked");
  }

  private void complain() {
    var monitor = statuses.monitor();
    var before = monitor.getStatus();
    var why = new NotReady("ProcessingFailed", "a mistake of ours");
    monitor.setStatus(
        new MonitorStatus(
            before.observedGeneration(),
            Level.Unknown,
            why.message(),
            before.summary(),
            before.lastChangeTime(),
            Conditions.notProcessed(before.conditions(), why, 2, Instant.now()),
            before.targets(),
            before.actions(),
            before.state()));
  }

  @Test
  void whatAnotherProcessCheckedStands() throws Exception {
    declare(1, target("gateway", NEVER, server.getLocalPort()));
    awaitHealthy("True/TargetsHealthy");
    engine.close();
    engine = engine();
    assertThat(turn()).isEqualTo("True/TargetsHealthy");
  }

  @Test
  void aTargetThatTurnsBadHasWhatItDependsOnLookedAtAtOnce() throws Exception {
    var parent = target("gateway", NEVER, server.getLocalPort());
    try (var child = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      declare(1, parent, dependent("events", OFTEN, child.getLocalPort(), "gateway"));
      awaitHealthy("True/TargetsHealthy");
      assertThat(looks.of("gateway")).isEqualTo(1);
    }
    await().untilAsserted(() -> assertThat(looks.of("gateway")).isEqualTo(2));
    await()
        .untilAsserted(
            () -> {
              turn();
              assertThat(statuses.monitor().getStatus().state().incidents())
                  .extracting(i -> i.target())
                  .containsExactly("events");
            });
  }

  @Test
  void anErrorInOneLookDoesNotEndTheNext() throws Exception {
    looks.failures = 2;
    declare(1, target("gateway", OFTEN, server.getLocalPort()));
    turn();
    await().untilAsserted(() -> assertThat(looks.of("gateway")).isGreaterThan(2));
  }

  @Test
  void aSuspendedTargetIsNotLookedAtAndStartsFromNothingWhenItIsResumed() throws Exception {
    declare(1, target("gateway", OFTEN, server.getLocalPort()));
    awaitHealthy("True/TargetsHealthy");
    declare(2, suspended("gateway", server.getLocalPort()));
    turn();
    assertThat(statuses.monitor().getStatus().targets().getFirst().since()).isNull();
    declare(3, target("gateway", OFTEN, server.getLocalPort()));
    assertThat(turn()).isEqualTo("Unknown/NotYetChecked");
    awaitHealthy("True/TargetsHealthy");
  }

  private void awaitHealthy(String condition) {
    await().untilAsserted(() -> assertThat(turn()).isEqualTo(condition));
  }

  /** A turn; what the condition Healthy says then. */
  private String turn() throws StatusStore.Unavailable, InterruptedException {
    engine.turn(statuses.monitor());
    return statuses.monitor().getStatus().conditions().stream()
        .filter(c -> c.getType().equals("Healthy"))
        .map(c -> c.getStatus() + "/" + c.getReason())
        .findFirst()
        .orElseThrow();
  }

  private void declare(long generation, Target... targets) {
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("nexus")
            .withName("nexus")
            .withUid("uid")
            .withGeneration(generation)
            .build());
    monitor.setSpec(new MonitorSpec(null, null, false, null, List.of(targets), null, null));
    var before = statuses.monitors.get(MonitorKey.of(monitor));
    if (before != null) {
      monitor.setStatus(before.getStatus());
    }
    statuses.monitors.put(MonitorKey.of(monitor), monitor);
  }

  private static Target target(String name, Duration interval, int port) {
    return target(name, interval, port, 1, false, List.of());
  }

  private static Target target(String name, Duration interval, int port, int failureThreshold) {
    return target(name, interval, port, failureThreshold, false, List.of());
  }

  private static Target dependent(String name, Duration interval, int port, String parent) {
    return target(name, interval, port, 1, false, List.of(parent));
  }

  private static Target suspended(String name, int port) {
    return target(name, OFTEN, port, 1, true, List.of());
  }

  private static Target target(
      String name,
      Duration interval,
      int port,
      int failureThreshold,
      boolean suspend,
      List<String> dependsOn) {
    var of =
        ATarget.of(name, new TcpTarget("127.0.0.1", port))
            .every(interval)
            .patient(failureThreshold, 1)
            .dependsOn(dependsOn);
    return suspend ? of.suspended().build() : of.build();
  }

  private static int closedPort() throws IOException {
    try (var soonClosed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return soonClosed.getLocalPort();
    }
  }

  private Engine engine() {
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var around = new Surroundings(dialer, Secrets.NONE, Endpoints.NONE, clients);
    var home = new HostHome(statuses, Actor.NONE, around, (_, _) -> new LogChannel());
    return new Engine(
        home, courier, deadlines, text -> text, InstantSource.system(), looks, _ -> {});
  }

  /** Counts looks; the first so many end in an Error of the listener's. */
  private static final class Looks implements EngineListener {
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile int failures;

    @Override
    public void checked(
        MonitorKey monitor,
        String target,
        Duration lateness,
        Observation observation,
        Assessment before,
        Assessment after) {
      if (counts.computeIfAbsent(target, _ -> new AtomicInteger()).incrementAndGet() <= failures) {
        throw new StackOverflowError("as a listener's bug would be");
      }
    }

    int of(String target) {
      var count = counts.get(target);
      return count == null ? 0 : count.get();
    }
  }

  /** Statuses in memory. */
  static final class Memory implements StatusStore {
    final Map<MonitorKey, HeartbeatMonitor> monitors = new ConcurrentHashMap<>();

    HeartbeatMonitor monitor() {
      return monitors.values().iterator().next();
    }

    @Override
    public Optional<HeartbeatMonitor> read(MonitorKey key) {
      return Optional.ofNullable(monitors.get(key));
    }

    @Override
    public HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status) {
      var written = new HeartbeatMonitor();
      written.setMetadata(decidedOn.getMetadata());
      written.setSpec(decidedOn.getSpec());
      written.setStatus(status);
      monitors.put(MonitorKey.of(decidedOn), written);
      return written;
    }
  }
}
