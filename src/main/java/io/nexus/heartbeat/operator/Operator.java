package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.nexus.heartbeat.act.OverdueReplicas;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.Home;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.Turns;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Heartbeat in a cluster: from start to stop. The client stays its owner's. */
public final class Operator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Operator.class);

  private final KubernetesClient client;
  private final Settings settings;
  private final OwnWatches own;
  private final Lifeline lifeline;
  private final ReplicaSweep sweep;
  private final ClusterHome home;
  private final MonitorEvents events;
  private final io.javaoperatorsdk.operator.Operator sdk;
  private final RegisteredController<HeartbeatMonitor> controller;
  private volatile boolean started;
  private volatile boolean blind;

  /** Makes the engine of an operator. */
  @FunctionalInterface
  public interface Wiring {
    /**
     * @param wake makes a monitor's turn come soon
     */
    Turns turns(Home home, Consumer<MonitorKey> wake);
  }

  public Operator(
      KubernetesClient client,
      Settings settings,
      Outside outside,
      InstantSource clock,
      Wiring wiring) {
    this.client = client;
    this.settings = settings;
    var turns = new AtomicReference<@Nullable Turns>();
    events =
        new MonitorEvents(
            key -> {
              var engine = turns.get();
              if (engine != null) {
                engine.forget(key);
              }
            });
    sweep =
        new ReplicaSweep(
            new OverdueReplicas(client, clock),
            () -> settings.allNamespaces() ? events.namespaces() : settings.namespaces());
    own = new OwnWatches(client);
    lifeline = new Lifeline(client, settings, clock);
    home = new ClusterHome(client, settings, outside, own, events, clock);
    var engine = wiring.turns(home, events::wake);
    turns.set(engine);
    sdk =
        new io.javaoperatorsdk.operator.Operator(
            configuration ->
                configuration
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withResourceCloner(new Shallow())
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5))
                    // An API server that is away at the start is waited for, as later on.
                    .withStopOnInformerErrorDuringStartup(false)
                    .withCacheSyncTimeout(Duration.ofSeconds(30))
                    .withInformerStoppedHandler((_, failure) -> stoppedWatching(failure)));
    controller =
        sdk.register(
            new MonitorReconciler(engine, events, new Complaints(home.statuses(), clock), clock),
            this::configure);
  }

  private void configure(ControllerConfigurationOverrider<HeartbeatMonitor> overrider) {
    overrider.withGenerationAware(false).withOnUpdateFilter(MonitorEvents::isNews);
    if (settings.allNamespaces()) {
      overrider.watchingAllNamespaces();
    } else {
      overrider.settingNamespaces(Set.copyOf(settings.namespaces()));
    }
    if (settings.selector() != null) {
      overrider.withLabelSelector(settings.selector());
    }
  }

  /**
   * Returns when all monitors are known.
   *
   * @throws CannotStart saying what to do first
   */
  public void start() throws CannotStart {
    new Preconditions(client).verify(settings);
    own.start();
    try {
      sdk.start();
    } catch (OperatorException e) {
      throw new CannotStart("the watch of HeartbeatMonitors did not start: " + e.getMessage(), e);
    }
    lifeline.start();
    sweep.start();
    started = true;
    log.info(
        "Heartbeat {} watches the HeartbeatMonitors of {}{}",
        settings.version(),
        settings.watched(),
        settings.selector() == null ? "" : " with labels " + settings.selector());
  }

  /** Why not every monitor is known as it is now; empty when each is. */
  public Optional<String> whyNotReady() {
    return started && !blind && !controller.getControllerHealthInfo().hasUnhealthyEventSources()
        ? lifeline.trouble()
        : Optional.of("not every HeartbeatMonitor is known yet");
  }

  /** What only a restart mends. */
  public Optional<String> whyBroken() {
    return blind
        ? Optional.of("the watch of HeartbeatMonitors has ended; Heartbeat has to be restarted")
        : Optional.empty();
  }

  private void stoppedWatching(@Nullable Throwable failure) {
    if (failure != null) {
      blind = true;
      log.error("the watch of HeartbeatMonitors has ended; Heartbeat has to be restarted", failure);
    }
  }

  @Override
  public void close() {
    started = false;
    lifeline.close();
    sweep.close();
    events.ending();
    sdk.stop();
    home.close();
    own.close();
  }

  /**
   * A turn gets a monitor of its own, with the parts shared: they are values, and copying a hundred
   * targets by way of JSON for each turn is a waste.
   */
  private static final class Shallow implements Cloner {
    @Override
    @SuppressWarnings("unchecked") // a monitor for a monitor
    public <R extends HasMetadata> R clone(R resource) {
      if (resource instanceof HeartbeatMonitor monitor
          && !(resource instanceof UnreadableMonitor)) {
        var copy = new HeartbeatMonitor();
        copy.setMetadata(monitor.getMetadata());
        copy.setSpec(monitor.getSpec());
        copy.setStatus(monitor.getStatus());
        return (R) copy;
      }
      return resource;
    }
  }
}
