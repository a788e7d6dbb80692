package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.Calls;
import io.nexus.heartbeat.act.KubernetesActor;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Kubelets;
import io.nexus.heartbeat.check.Place;
import io.nexus.heartbeat.check.Pushes;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.engine.Claims;
import io.nexus.heartbeat.engine.Home;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.SharedBudget;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.operator.kubelet.KubeletStats;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.secret.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A cluster, as one installation sees it. */
final class ClusterHome implements Home, AutoCloseable {
  /** Kubernetes Events, of everything, whether they are named in the spec or not. */
  private static final Receiver STANDING =
      new Receiver("events", Level.Degraded, null, new Alerts.Events());

  private final KubernetesClient client;
  private final Settings settings;
  private final Outside outside;
  private final OwnWatches own;
  private final MonitorEvents events;
  private final InstantSource clock;
  private final StatusStore statuses;
  private final Actor actor;
  private final Deadlines deadlines = new Deadlines();
  private final ClusterBudget budget;
  private final Claims claims;
  private final ServerClock serverClock;
  private final OwnGround ground;
  private final SecretReader secrets;
  private final OrderEvents orders;
  private final @Nullable KubeletStats kubelets;
  private final Map<String, ServiceWatch> watches = new ConcurrentHashMap<>();

  ClusterHome(
      KubernetesClient client,
      Settings settings,
      Outside outside,
      OwnWatches own,
      MonitorEvents events,
      InstantSource clock) {
    this.client = client;
    this.settings = settings;
    this.outside = outside;
    this.own = own;
    this.events = events;
    this.clock = clock;
    this.statuses = new ClusterStatusStore(client, events);
    this.actor =
        new KubernetesActor(
            client,
            clock,
            new Calls(
                outside.clients().http(),
                deadlines,
                ref -> dialerOf(new MonitorKey(ref.namespace(), ref.name())),
                ref -> secretsOf(new MonitorKey(ref.namespace(), ref.name()))),
            settings.image());
    this.budget =
        new ClusterBudget(client, () -> Account.namespaceOf(client), settings.shares(), clock);
    this.claims = new LeaseClaims(client, () -> Account.namespaceOf(client), settings.instance());
    this.serverClock = new ServerClock(client, clock);
    this.ground = new OwnGround(serverClock);
    this.secrets = new SecretReader(client);
    this.orders = new OrderEvents(client, settings.instance());
    var trust = settings.kubelets();
    this.kubelets =
        trust == null
            ? null
            : new KubeletStats(
                client,
                () -> Account.of(client).namespace(),
                outside.clients().http(),
                // Nodes are refused to monitors; these are asked by ourselves, by address.
                outside.dialer("default", AddressPolicy.Own.NOTHING),
                trust,
                outside.mask());
  }

  @Override
  public StatusStore statuses() {
    return statuses;
  }

  @Override
  public Actor actor() {
    return actor;
  }

  @Override
  public Optional<String> clockTrouble() throws InterruptedException {
    return serverClock.trouble();
  }

  @Override
  public Optional<String> ownTrouble() throws InterruptedException {
    return ground.trouble();
  }

  @Override
  public Claims claims() {
    return claims;
  }

  @Override
  public SharedBudget budget() {
    return budget;
  }

  @Override
  public Surroundings surroundings(MonitorKey monitor) {
    return new Surroundings(
        dialerOf(monitor),
        secretsOf(monitor),
        endpointsOf(monitor.namespace()),
        new ClusterWorkloads(client, monitor.namespace(), clock),
        new ClusterPlugins(client, monitor, () -> events.uidOf(monitor), clock),
        kubelets == null
            ? Kubelets.refused(KubeletStats.OFF)
            : kubelets.seenFrom(monitor.namespace()),
        Pushes.NONE, // the engine listens
        outside.clients(),
        new Place.Cluster(monitor.namespace()));
  }

  @Override
  public List<Receiver> standingReceivers() {
    return List.of(STANDING);
  }

  @Override
  public Channel channel(MonitorKey monitor, Receiver receiver) {
    return receiver.events() != null
        ? new EventsChannel(client, monitor, events.uidOf(monitor), settings.instance())
        : outside.channel(monitor.namespace(), receiver, secretsOf(monitor), dialerOf(monitor));
  }

  @Override
  public void ordered(MonitorKey monitor, Handled order) {
    orders.say(monitor, events.uidOf(monitor), order);
  }

  private Dialer dialerOf(MonitorKey monitor) {
    return outside.dialer(monitor.namespace(), own.seenFrom(monitor.namespace()));
  }

  private Secrets secretsOf(MonitorKey monitor) {
    return new MaskingSecrets(new ClusterSecrets(secrets, monitor.namespace()), outside.mask());
  }

  /**
   * The watch starts with the first check of a Service, so that nobody pays for what is not used.
   */
  private Endpoints endpointsOf(String namespace) {
    return service ->
        new ClusterEndpoints(
                settings.allNamespaces()
                    ? watches.computeIfAbsent("", _ -> new ServiceWatch(client, null, clock))
                    : watches.computeIfAbsent(
                        namespace, only -> new ServiceWatch(client, only, clock)),
                namespace)
            .of(service);
  }

  @Override
  public void close() {
    deadlines.close();
    watches.values().forEach(ServiceWatch::close);
    if (kubelets != null) {
      kubelets.close();
    }
  }
}
