package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.engine.Home;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.engine.Turns;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithApiServer
class OperatorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Receiver EVENTS =
      new Receiver("events", Level.Degraded, null, new Alerts.Events());

  private final ApiServer server;
  private final String namespace;
  private final KubernetesClient client;
  private final Recorder recorder = new Recorder();
  private final Operator operator;

  OperatorIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
    this.client = ApiServerClient.of(server);
    this.operator = operator(client);
  }

  @AfterEach
  void stop() {
    operator.close();
    client.close();
  }

  @Test
  void annotationsEditsAndWakesMakeATurnAndTheOwnStatusDoesNot() throws Exception {
    Monitors.create(server, namespace, "nexus");
    operator.start();
    assertThat(operator.whyNotReady()).isEmpty();
    await().atMost(PATIENCE).until(() -> recorder.turns("nexus") == 1);

    server.kubectl("annotate", "heartbeatmonitor", "nexus", "-n", namespace, "other/thing=1");
    var live = statuses().read(key("nexus")).orElseThrow();
    await().atMost(PATIENCE).until(() -> recorder.turns("nexus") == 2); // a live read wakes
    statuses().write(live, Monitors.saying("one"));
    server.kubectl(
        "annotate", "heartbeatmonitor", "nexus", "-n", namespace, "heartbeat.nexus.io/run-now=1");
    await().atMost(PATIENCE).until(() -> recorder.turns("nexus") == 3);
    assertThat(recorder.last().getStatus().message()).isEqualTo("one");

    recorder.wake(key("nexus"));
    await().atMost(PATIENCE).until(() -> recorder.turns("nexus") == 4);
  }

  @Test
  void theNextTurnSeesTheStatusThatWasJustWritten() throws Exception {
    Monitors.create(server, namespace, "nexus");
    recorder.onTurn =
        monitor -> {
          var said = monitor.getStatus() == null ? "0" : monitor.getStatus().message();
          if (Integer.parseInt(said) < 20) {
            recorder.write(monitor, Monitors.saying(Integer.toString(Integer.parseInt(said) + 1)));
            recorder.wake(MonitorKey.of(monitor));
          }
        };
    operator.start();

    await()
        .atMost(PATIENCE)
        .until(() -> "20".equals(messageOf(Monitors.get(server, namespace, "nexus"))));
    assertThat(recorder.conflicts).isEmpty();
  }

  private static @Nullable String messageOf(HeartbeatMonitor monitor) {
    return monitor.getStatus() == null ? null : monitor.getStatus().message();
  }

  @Test
  void aDeletedMonitorIsForgottenAtOnceAlsoWhileAFinalizerOfOthersHoldsIt() throws Exception {
    Monitors.create(server, namespace, "nexus");
    Monitors.create(server, namespace, "held");
    operator.start();
    await().atMost(PATIENCE).until(() -> recorder.turns("held") == 1);
    server.kubectl(
        "patch",
        "heartbeatmonitor",
        "held",
        "-n",
        namespace,
        "--type=merge",
        "-p",
        "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}");

    server.kubectl("delete", "heartbeatmonitor", "nexus", "held", "-n", namespace, "--wait=false");

    await()
        .atMost(PATIENCE)
        .until(() -> recorder.forgotten.containsAll(List.of(key("nexus"), key("held"))));
    server.kubectl(
        "patch",
        "heartbeatmonitor",
        "held",
        "-n",
        namespace,
        "--type=merge",
        "-p",
        "{\"metadata\":{\"finalizers\":null}}");
  }

  @Test
  void aMonitorThatFailsSaysSoAndStopsNoOther() throws Exception {
    Monitors.create(server, namespace, "failing");
    recorder.onTurn =
        monitor -> {
          if (monitor.getMetadata().getName().equals("failing")) {
            throw new IllegalStateException("a mistake of ours");
          }
        };
    operator.start();
    Monitors.create(server, namespace, "nexus");

    await().atMost(PATIENCE).until(() -> recorder.turns("nexus") == 1);
    await().atMost(PATIENCE).until(() -> recorder.turns("failing") > 1);
    await().atMost(PATIENCE).until(() -> readyReason("failing").equals("ProcessingFailed"));
  }

  @Test
  void aTurnThatIsTakenWhileTheOperatorStopsComesToItsEndAndForgetsNobody() throws Exception {
    Monitors.create(server, namespace, "nexus");
    var inTurn = new CountDownLatch(1);
    recorder.onTurn =
        monitor -> {
          inTurn.countDown();
          // Nothing tells from here that the SDK has taken its cache away, so for a while.
          await()
              .during(Duration.ofSeconds(2))
              .atMost(PATIENCE)
              .untilAsserted(
                  () ->
                      assertThat(
                              Objects.requireNonNull(recorder.home).channel(key("nexus"), EVENTS))
                          .isNotNull());
        };
    operator.start();
    inTurn.await();

    operator.close();

    assertThat(recorder.forgotten).isEmpty();
    assertThat(readyReason("nexus")).as("nothing failed").isEmpty();
  }

  @Test
  void aStatusDecidedOnAnOlderMonitorIsAConflictAndStoresNothing() throws Exception {
    Monitors.create(server, namespace, "nexus");
    var old = statuses().read(key("nexus")).orElseThrow();
    var newer = statuses().write(old, Monitors.saying("first"));

    assertThatThrownBy(() -> statuses().write(old, Monitors.saying("stale")))
        .isInstanceOf(StatusStore.Conflict.class);

    assertThat(messageOf(statuses().write(newer, Monitors.saying("second")))).isEqualTo("second");
    assertThat(Monitors.get(server, namespace, "nexus").getSpec().targets()).hasSize(1);
    server.kubectl("delete", "heartbeatmonitor", "nexus", "-n", namespace);
    assertThatThrownBy(() -> statuses().write(newer, Monitors.saying("late")))
        .isInstanceOf(StatusStore.Conflict.class);
    assertThat(statuses().read(key("nexus"))).isEmpty();
  }

  @Test
  void withoutRightsItSaysWhichAndHowToGrantThem() {
    try (var restricted = server.operator();
        var refused = operator(restricted)) {
      assertThatThrownBy(refused::start)
          .isInstanceOf(CannotStart.class)
          .hasMessage(
              "Heartbeat may not get heartbeatmonitors, list heartbeatmonitors, watch"
                  + " heartbeatmonitors, update heartbeatmonitors/status in namespace %1$s. To allow it: kubectl create"
                      .formatted(namespace)
                  + " rolebinding heartbeat-watcher -n %1$s --clusterrole=heartbeat-watcher"
                      .formatted(namespace)
                  + " --serviceaccount=heartbeat-system:heartbeat");
    }
  }

  private String readyReason(String name) {
    var status = Monitors.get(server, namespace, name).getStatus();
    return status == null
        ? ""
        : status.conditions().stream()
            .filter(condition -> condition.getType().equals("Ready"))
            .map(condition -> condition.getReason())
            .findFirst()
            .orElse("");
  }

  private StatusStore statuses() {
    return Objects.requireNonNull(recorder.home).statuses();
  }

  private MonitorKey key(String name) {
    return new MonitorKey(namespace, name);
  }

  private Operator operator(KubernetesClient with) {
    var settings =
        new Settings(List.of(namespace), false, null, List.of(), 8080, "test", "operator-it");
    return new Operator(
        with,
        settings,
        new Nowhere(),
        InstantSource.system(),
        (home, wake) -> {
          if (recorder.home == null) {
            recorder.home = home;
            recorder.wake = wake;
          }
          return recorder;
        });
  }

  /** Takes turns as the engine would, and remembers them. */
  private static final class Recorder implements Turns {
    private final List<HeartbeatMonitor> taken = new CopyOnWriteArrayList<>();
    private final List<MonitorKey> forgotten = new CopyOnWriteArrayList<>();
    private final List<Exception> conflicts = new CopyOnWriteArrayList<>();
    private volatile Consumer<HeartbeatMonitor> onTurn = _ -> {};
    private volatile @Nullable Home home;
    private volatile Consumer<MonitorKey> wake = _ -> {};

    @Override
    public Instant turn(HeartbeatMonitor monitor) {
      taken.add(monitor);
      onTurn.accept(monitor);
      return Instant.MAX;
    }

    @Override
    public void forget(MonitorKey key) {
      forgotten.add(key);
    }

    void wake(MonitorKey key) {
      wake.accept(key);
    }

    void write(HeartbeatMonitor monitor, MonitorStatus status) {
      try {
        Objects.requireNonNull(home).statuses().write(monitor, status);
      } catch (StatusStore.Conflict | StatusStore.Unavailable e) {
        conflicts.add(e);
      }
    }

    long turns(String name) {
      return taken.stream().filter(it -> it.getMetadata().getName().equals(name)).count();
    }

    HeartbeatMonitor last() {
      return taken.getLast();
    }
  }

  private record Nowhere() implements Outside {
    @Override
    public Mask mask() {
      return new Mask();
    }

    @Override
    public Clients clients() {
      return Clients.create();
    }

    @Override
    public Dialer dialer(String namespace, AddressPolicy.Own own) {
      throw new AssertionError("nothing is dialled here");
    }

    @Override
    public Channel channel(String namespace, Receiver receiver, Secrets secrets, Dialer dialer) {
      throw new AssertionError("nobody is told here");
    }
  }

  @Test
  void aSelectorThatIsNoneIsRefusedInTheApiServersWords() {
    var settings = new Settings(List.of(namespace), false, "a=b=c", List.of(), 0, "test", "test");
    assertThatThrownBy(() -> new Preconditions(client).verify(settings))
        .isInstanceOf(CannotStart.class)
        .hasMessageContainingAll("--selector a=b=c: found ");
  }
}
