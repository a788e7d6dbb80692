package io.nexus.heartbeat.scenario;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import io.nexus.heartbeat.cluster.Wire;
import io.nexus.heartbeat.decide.Allowance;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.engine.Claims;
import io.nexus.heartbeat.engine.Home;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.SharedBudget;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.net.Cidr;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.operator.CannotStart;
import io.nexus.heartbeat.operator.Operator;
import io.nexus.heartbeat.operator.Settings;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.web.Readers;
import io.nexus.heartbeat.wiring.ClusterOutside;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operator as it ships, with the rights that we ship, in this process; it may die. */
final class RunningOperator implements AutoCloseable {
  /** All operators of all tests share one API server, and with it what they may spend. */
  private static final Shares PLENTY =
      new Shares(
          new Allowance(Shares.MOST, Duration.ofHours(1)),
          new Allowance(Shares.MOST, Duration.ofHours(1)));

  private final @Nullable Wire wire;
  private final KubernetesClient client;
  private final Machinery machinery;
  private final Operator operator;
  private final @Nullable Fault fault;

  /** Told before each act, on the thread that is about to act. */
  final List<Consumer<Plan>> beforeActs = new CopyOnWriteArrayList<>();

  /** What became of each act, in order. */
  final List<Actor.Outcome> outcomes = new CopyOnWriteArrayList<>();

  private RunningOperator(
      ApiServer server,
      String namespace,
      @Nullable Fault fault,
      List<String> allowed,
      Shares shares,
      InstantSource clock,
      @Nullable String image,
      @Nullable TlsSettings kubelets)
      throws IOException {
    this.fault = fault;
    var config = server.configFor("heartbeat-system", "heartbeat");
    wire = fault == null ? null : Wire.cut(config, fault);
    client =
        io.nexus.heartbeat.operator.ApiServer.connect(
            wire == null ? config : new ConfigBuilder(config).withMasterUrl(wire.url()).build(),
            "test");
    machinery = new Machinery("test", new Mask());
    operator =
        new Operator(
            client,
            new Settings(
                List.of(namespace),
                false,
                null,
                allowed,
                0,
                "test",
                "test",
                shares,
                image,
                kubelets),
            new ClusterOutside(
                machinery, allowed.stream().map(Cidr::parse).toList(), "cluster.local"),
            clock,
            (home, wake) -> machinery.engine(new Watched(home), wake, clock));
  }

  /**
   * Loopback may be opened, where the tests' servers are.
   *
   * @param fault seen on a wire of its own; null: it goes straight to the API server
   */
  static RunningOperator start(ApiServer server, String namespace, @Nullable Fault fault)
      throws IOException {
    return start(server, namespace, fault, List.of("127.0.0.0/8"));
  }

  /**
   * @param allowed as {@code --allow-address}
   */
  static RunningOperator start(
      ApiServer server, String namespace, @Nullable Fault fault, List<String> allowed)
      throws IOException {
    return start(
        new RunningOperator(
            server, namespace, fault, allowed, PLENTY, InstantSource.system(), null, null));
  }

  /**
   * @param shares as {@code --budget} and {@code --namespace-budget}; null: there is plenty
   */
  static RunningOperator start(
      ApiServer server, String namespace, @Nullable Shares shares, InstantSource clock)
      throws IOException {
    return start(
        new RunningOperator(
            server,
            namespace,
            null,
            List.of("127.0.0.0/8"),
            shares == null ? PLENTY : shares,
            clock,
            null,
            null));
  }

  /**
   * No address is allowed that is refused by rule.
   *
   * @param kubelets as {@code --kubelet-stats} and the options beside it
   */
  static RunningOperator asking(ApiServer server, String namespace, TlsSettings kubelets)
      throws IOException {
    return start(
        new RunningOperator(
            server, namespace, null, List.of(), PLENTY, InstantSource.system(), null, kubelets));
  }

  /**
   * The same, and it may clean volumes.
   *
   * @param image as {@code --cleanup-image}; kubelets are believed whom the cluster believes
   */
  static RunningOperator cleaning(ApiServer server, String namespace, String image)
      throws IOException, CannotStart {
    var trust =
        io.nexus.heartbeat.operator.ApiServer.trust(
            server.configFor("heartbeat-system", "heartbeat"));
    return start(
        new RunningOperator(
            server, namespace, null, List.of(), PLENTY, InstantSource.system(), image, trust));
  }

  private static RunningOperator start(RunningOperator running) {
    try {
      running.operator.start();
      running.machinery.hearPresses();
      return running;
    } catch (CannotStart e) {
      running.close();
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** Health, metrics and pushes, on loopback. */
  InetSocketAddress serve() throws IOException {
    return machinery.serve(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        "--port",
        _ -> new Readers.Admission.Denied("not in this test"),
        Optional::empty,
        Optional::empty);
  }

  /** Its watches break, and none comes up again: 410 Gone. */
  void blinded() {
    Objects.requireNonNull(wire, "it was started without a fault").blind();
  }

  @Override
  public void close() {
    operator.close();
    machinery.close();
    client.close();
    if (wire != null) {
      wire.close();
    }
  }

  /** A home whose acts are seen, and whose messages end with their operator. */
  private final class Watched implements Home, Actor {
    private final Home home;

    Watched(Home home) {
      this.home = home;
    }

    @Override
    public StatusStore statuses() {
      return home.statuses();
    }

    @Override
    public Actor actor() {
      return this;
    }

    @Override
    public SharedBudget budget() {
      return home.budget();
    }

    @Override
    public Optional<String> clockTrouble() throws InterruptedException {
      return home.clockTrouble();
    }

    @Override
    public Optional<String> ownTrouble() throws InterruptedException {
      return home.ownTrouble();
    }

    @Override
    public Surroundings surroundings(MonitorKey monitor) {
      return home.surroundings(monitor);
    }

    @Override
    public Claims claims() {
      return home.claims();
    }

    @Override
    public void ordered(MonitorKey monitor, Handled order) {
      home.ordered(monitor, order);
    }

    @Override
    public List<Receiver> standingReceivers() {
      return home.standingReceivers();
    }

    @Override
    public Channel channel(MonitorKey monitor, Receiver receiver) {
      var channel = home.channel(monitor, receiver);
      // Events go over the wire, and are seen there.
      return fault == null || receiver.events() != null
          ? channel
          : new MortalChannel(channel, fault);
    }

    @Override
    public Facts look(MonitorRef monitor, Look look) {
      return home.actor().look(monitor, look);
    }

    @Override
    public Outcome callOff(MonitorRef monitor, Plan plan) throws InterruptedException {
      return home.actor().callOff(monitor, plan);
    }

    @Override
    public Outcome putBack(MonitorRef monitor, Raised raised) throws InterruptedException {
      return home.actor().putBack(monitor, raised);
    }

    @Override
    public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
      var plan = due.plan();
      beforeActs.forEach(listener -> listener.accept(plan));
      var outcome = home.actor().perform(monitor, due);
      outcomes.add(outcome);
      return outcome;
    }
  }

  private record MortalChannel(Channel channel, Fault fault) implements Channel {
    @Override
    public Answer send(Notice notice, Deadline deadline) throws InterruptedException {
      try {
        return fault.<Answer, RuntimeException>around(
            "message", () -> channel.send(notice, deadline));
      } catch (Fault.Death _) {
        return new Answer.Later("the connection is cut", null);
      }
    }

    @Override
    public String destination() {
      return channel.destination();
    }

    @Override
    public String kind() {
      return channel.kind();
    }

    @Override
    public List<Limit> limits() {
      return channel.limits();
    }
  }
}
