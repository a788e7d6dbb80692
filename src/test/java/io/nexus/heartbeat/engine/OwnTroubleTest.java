package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Heartbeat stands on is asked when much fails at once, and only then. */
class OwnTroubleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final Courier courier = new Courier(deadlines, _ -> {}, Tally.NONE);
  private final EngineTest.Memory statuses = new EngineTest.Memory();
  private final AtomicInteger asked = new AtomicInteger();
  private final Engine engine =
      new Engine(
          new OnShakyGround(),
          courier,
          deadlines,
          text -> text,
          InstantSource.system(),
          new EngineListener() {},
          _ -> {});

  @AfterEach
  void stop() {
    engine.close();
    courier.close();
    clients.close();
    deadlines.close();
  }

  @Test
  void whereMuchFailsAtOnceAndWeDoNotStandFirmNothingIsRepaired() throws Exception {
    declare(down("a", "127.0.0.1"), down("b", "127.0.0.1"), down("c", "localhost"));
    awaitBlockedBy(
        "self-doubt: 3 targets on 2 hosts fail together, and DNS does not answer: it may be us");
  }

  @Test
  void whereLittleFailsNobodyAsks() throws Exception {
    declare(down("a", "127.0.0.1"), down("b", "localhost"));
    awaitBlockedBy("not armed: a was never healthy since its check was last changed");
    assertThat(asked).hasValue(0);
  }

  private void awaitBlockedBy(String why) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              engine.turn(statuses.monitor());
              assertThat(statuses.monitor().getStatus().targets())
                  .extracting(TargetStatus::repair)
                  .doesNotContainNull()
                  .anySatisfy(repair -> assertThat(repair.message()).isEqualTo(why));
            });
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

  private static Target down(String name, String host) throws IOException {
    try (var soonClosed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var workload = new WorkloadRef(WorkloadRef.Kind.Deployment, name);
      return ATarget.of(name, new TcpTarget(host, soonClosed.getLocalPort()))
          .every(Duration.ofSeconds(1))
          .patient(1, 1)
          .repair(ARung.restarting(workload).build())
          .build();
    }
  }

  /** A home whose DNS does not answer. */
  private final class OnShakyGround implements Home {
    @Override
    public StatusStore statuses() {
      return statuses;
    }

    @Override
    public Actor actor() {
      return new Actor() {
        @Override
        public Facts look(MonitorRef monitor, Look look) {
          return new Facts.Found(
              "uid", null, 0, null, new Facts.Effect.Complete("rolled out"), null, "", List.of());
        }

        @Override
        public Outcome perform(MonitorRef monitor, Due due) {
          throw new AssertionError("nothing is to be done");
        }

        @Override
        public Outcome callOff(MonitorRef monitor, Plan plan) {
          throw new AssertionError("nothing is planned");
        }
      };
    }

    @Override
    public SharedBudget budget() {
      return SharedBudget.ofThisProcess(Shares.DEFAULT, InstantSource.system());
    }

    @Override
    public Optional<String> ownTrouble() {
      asked.incrementAndGet();
      return Optional.of("DNS does not answer");
    }

    @Override
    public Surroundings surroundings(MonitorKey monitor) {
      return new Surroundings(
          VettedDialer.ofThisMachine(AddressPolicy.host()), Secrets.NONE, Endpoints.NONE, clients);
    }

    @Override
    public List<Receiver> standingReceivers() {
      return List.of();
    }

    @Override
    public Channel channel(MonitorKey monitor, Receiver receiver) {
      return new LogChannel();
    }
  }
}
