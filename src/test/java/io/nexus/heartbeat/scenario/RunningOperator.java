package io.nexus.heartbeat.scenario;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.act.Workloads;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.decide.WorkloadFacts;
import io.nexus.heartbeat.engine.Home;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.net.Cidr;
import io.nexus.heartbeat.operator.CannotStart;
import io.nexus.heartbeat.operator.Operator;
import io.nexus.heartbeat.operator.Settings;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.wiring.ClusterOutside;
import io.nexus.heartbeat.wiring.Machinery;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The operator as it ships, with the rights that we ship, in this process; it may die. */
final class RunningOperator implements AutoCloseable {
  private final KubernetesClient client;
  private final Machinery machinery;
  private final Operator operator;
  private final Fault fault;

  /** Told before each act, on the thread that is about to act. */
  final List<Consumer<Plan>> beforeActs = new CopyOnWriteArrayList<>();

  /** What became of each act, in order. */
  final List<Workloads.Outcome> outcomes = new CopyOnWriteArrayList<>();

  private RunningOperator(ApiServer server, String namespace, Fault fault, List<String> allowed) {
    this.fault = fault;
    client =
        io.nexus.heartbeat.operator.ApiServer.connect(
            server.configFor("heartbeat-system", "heartbeat"), "test");
    machinery = new Machinery("test", new Mask());
    operator =
        new Operator(
            client,
            new Settings(List.of(namespace), false, null, allowed, 0, "test", "test"),
            new ClusterOutside(
                machinery, allowed.stream().map(Cidr::parse).toList(), "cluster.local"),
            InstantSource.system(),
            (home, wake) -> machinery.engine(new Mortal(home), wake));
  }

  /** Loopback may be opened, where the tests' servers are. */
  static RunningOperator start(ApiServer server, String namespace, Fault fault) {
    return start(server, namespace, fault, List.of("127.0.0.0/8"));
  }

  /**
   * @param allowed as {@code --allow-address}
   */
  static RunningOperator start(
      ApiServer server, String namespace, Fault fault, List<String> allowed) {
    var running = new RunningOperator(server, namespace, fault, allowed);
    try {
      running.operator.start();
      return running;
    } catch (CannotStart e) {
      running.close();
      throw new AssertionError(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    operator.close();
    machinery.close();
    client.close();
  }

  /** A cluster that is out of reach once its operator is dead. */
  private final class Mortal implements Home, StatusStore, Workloads {
    private final Home home;

    Mortal(Home home) {
      this.home = home;
    }

    @Override
    public StatusStore statuses() {
      return this;
    }

    @Override
    public Workloads workloads() {
      return this;
    }

    @Override
    public Surroundings surroundings(MonitorKey monitor) {
      return home.surroundings(monitor);
    }

    @Override
    public List<Receiver> standingReceivers() {
      return home.standingReceivers();
    }

    @Override
    public Channel channel(MonitorKey monitor, Receiver receiver) {
      fault.check();
      return home.channel(monitor, receiver);
    }

    @Override
    public Optional<HeartbeatMonitor> read(MonitorKey key) throws Unavailable {
      fault.check();
      return home.statuses().read(key);
    }

    @Override
    public HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status)
        throws Conflict, Unavailable {
      try {
        return fault.<HeartbeatMonitor, Exception>around(
            () -> home.statuses().write(decidedOn, status));
      } catch (Conflict | Unavailable | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new Unavailable("interrupted", e);
      }
    }

    @Override
    public WorkloadFacts look(String namespace, WorkloadRef workload) {
      fault.check();
      return home.workloads().look(namespace, workload);
    }

    @Override
    public Outcome restart(String namespace, Plan plan) throws InterruptedException {
      beforeActs.forEach(listener -> listener.accept(plan));
      var outcome =
          fault.<Outcome, RuntimeException>around(() -> home.workloads().restart(namespace, plan));
      outcomes.add(outcome);
      return outcome;
    }
  }
}
