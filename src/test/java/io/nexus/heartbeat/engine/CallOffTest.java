package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a turn gives up is given up for every process, before it is written down. */
class CallOffTest {
  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final Courier courier = new Courier(deadlines, _ -> {}, Tally.NONE);
  private final EngineTest.Memory statuses = new EngineTest.Memory();
  private final Workloads workloads = new Workloads();
  private final Engine engine = engine();
  private ServerSocket first;
  private ServerSocket second;

  @AfterEach
  void stop() throws IOException {
    engine.close();
    courier.close();
    clients.close();
    deadlines.close();
    first.close();
    second.close();
  }

  @Test
  void whatIsGivenUpOnlyWhenAnotherPlanTurnsOutToBeDoneIsCalledOffToo() throws Exception {
    first = listening(0);
    second = listening(0);
    var port = first.getLocalPort();
    declare(target("first", port), target("second", second.getLocalPort()));
    await().until(() -> turn().level() == Level.Healthy);

    first.close();
    second.close();
    await().untilAsserted(() -> assertThat(plans()).containsExactly("first", "second"));

    // It recovers, so its plan is given up; and was done after all, while the other's subject went.
    first = listening(port);
    await().untilAsserted(() -> assertThat(turnsCalledOff()).contains("first"));
    assertThat(workloads.calledOff).containsExactly("first", "second");
    assertThat(plans()).containsExactly("first");
  }

  private List<String> turnsCalledOff() throws Exception {
    turn();
    return workloads.calledOff;
  }

  /** Subjects of what is planned, or being done. */
  private List<String> plans() throws Exception {
    if (workloads.calledOff.isEmpty()) {
      turn();
    }
    return statuses.monitor().getStatus().state().incidents().stream()
        .filter(it -> it.repair() != null && it.repair().plan() != null)
        .filter(it -> it.repair().phase() != RepairPhase.Verifying)
        .map(it -> it.repair().plan().subject().name())
        .sorted()
        .toList();
  }

  private MonitorStatus turn() throws Exception {
    engine.turn(statuses.monitor());
    return statuses.monitor().getStatus();
  }

  private static ServerSocket listening(int port) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private static Target target(String name, int port) {
    return ATarget.of(name, new TcpTarget("127.0.0.1", port))
        .every(Duration.ofSeconds(1))
        .patient(1, 1)
        .repair(ARung.restarting(new WorkloadRef(WorkloadRef.Kind.Deployment, name)).build())
        .build();
  }

  private void declare(Target... targets) {
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("nexus")
            .withName("nexus")
            .withUid("uid")
            .withGeneration(1L)
            .build());
    monitor.setSpec(new MonitorSpec(null, null, false, null, List.of(targets), null, null));
    statuses.monitors.put(MonitorKey.of(monitor), monitor);
  }

  private Engine engine() {
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var around = new Surroundings(dialer, Secrets.NONE, Endpoints.NONE, clients);
    var home = new HostHome(statuses, workloads, around, (_, _) -> new LogChannel());
    return new Engine(
        home,
        courier,
        deadlines,
        text -> text,
        InstantSource.system(),
        EngineListener.NONE,
        _ -> {});
  }

  /** Acts fail for now; the first one's turns out to be done when it is called off. */
  private static final class Workloads implements Actor {
    private final List<String> calledOff = new CopyOnWriteArrayList<>();

    @Override
    public Facts look(MonitorRef monitor, Look look) {
      return look.action().subject().name().equals("second") && calledOff.contains("first")
          ? new Facts.Missing()
          : new Facts.Found(
              "uid-1", null, 0, null, new Facts.Effect.Complete(""), null, "", List.of());
    }

    @Override
    public Outcome perform(MonitorRef monitor, Due due) {
      return new Outcome.Failed("not yet");
    }

    @Override
    public Outcome callOff(MonitorRef monitor, Plan plan) {
      calledOff.add(plan.subject().name());
      return plan.subject().name().equals("first")
          ? new Outcome.Done()
          : new Outcome.Refused("called off");
    }
  }
}
