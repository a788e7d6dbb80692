package io.nexus.heartbeat.wiring;

import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.alert.TelegramChannel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.decide.Signal;
import io.nexus.heartbeat.engine.Engine;
import io.nexus.heartbeat.engine.Home;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.PushAnswer;
import io.nexus.heartbeat.engine.TargetView;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.web.ManagementServer;
import io.nexus.heartbeat.web.Metrics;
import io.nexus.heartbeat.web.Readers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the operator and the host have in common, wired once: checks, messages, metrics. */
public final class Machinery implements AutoCloseable {
  /** A stop is to take 5 s at most; what is not told by then, the next process tells. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final Metrics metrics;
  private final Mask mask;
  private final Courier courier;
  private final AtomicReference<@Nullable Engine> engine = new AtomicReference<>();
  private @Nullable ManagementServer server;

  public Machinery(String version, Mask mask) {
    this.mask = mask;
    metrics = new Metrics(version);
    courier = new Courier(deadlines, this::delivered, metrics);
  }

  public Clients clients() {
    return clients;
  }

  public Deadlines deadlines() {
    return deadlines;
  }

  /** What must not be shown; it learns every secret that is read. */
  public Mask mask() {
    return mask;
  }

  public Engine engine(Home home, Consumer<MonitorKey> wake) {
    return engine(home, wake, InstantSource.system());
  }

  /** By a clock that may be wrong. */
  public Engine engine(Home home, Consumer<MonitorKey> wake, InstantSource clock) {
    var made = new Engine(home, courier, deadlines, mask::apply, clock, metrics, wake);
    made.hears(server != null);
    engine.set(made);
    metrics.watch(new Metrics.Sources(made::targets, made::overdue, courier::health));
    return made;
  }

  /**
   * For a receiver of a monitor in this namespace. Kubernetes Events, which only a cluster has, are
   * lines of the log here.
   */
  public Channel channel(String namespace, Receiver receiver, Secrets secrets, Dialer dialer) {
    if (receiver.telegram() != null) {
      return new TelegramChannel(receiver.telegram(), namespace, secrets, clients.http(), dialer);
    }
    return new LogChannel();
  }

  /** From now on people may press buttons, where receivers allow it. */
  public void hearPresses() {
    var made = engine.get();
    if (made != null) {
      made.buttons().start();
    }
  }

  /** How many messages wait or are on their way. */
  public int undelivered() {
    return courier.health().undelivered();
  }

  /**
   * Health and metrics, until this is closed.
   *
   * @param option what sets the address on the command line
   * @param readers of what is known of each target
   * @param whyBroken what only a restart mends; empty when nothing is
   * @throws IOException the address cannot be listened on; the message says what to do
   */
  public InetSocketAddress serve(
      InetSocketAddress address,
      String option,
      Readers readers,
      Supplier<Optional<String>> whyBroken,
      Supplier<Optional<String>> whyNotReady)
      throws IOException {
    server =
        ManagementServer.start(
            address,
            option,
            new ManagementServer.Content(
                metrics,
                () -> whyBroken.get().or(this::overdue),
                () -> whyNotReady.get().or(this::outage),
                this::targets,
                this::push),
            readers);
    var made = engine.get();
    if (made != null) {
      made.hears(true);
    }
    return server.address();
  }

  /** Why this process does not do what it should; a restart is expected to mend it. */
  public Optional<String> whyBroken() {
    return overdue();
  }

  /** Whether the monitors' files hold an edit that is not used. */
  public void configurationIsStale(boolean stale) {
    metrics.configurationIsStale(stale);
  }

  private List<TargetView> targets() {
    var made = engine.get();
    return made == null ? List.of() : made.targets();
  }

  private PushAnswer push(MonitorKey monitor, String target, Signal signal, String token)
      throws InterruptedException {
    var made = engine.get();
    return made == null ? PushAnswer.TryAgain : made.push(monitor, target, signal, token);
  }

  private Optional<String> overdue() {
    var made = engine.get();
    var late = made == null ? 0 : made.overdue();
    return late == 0
        ? Optional.empty()
        : Optional.of(late + (late == 1 ? " check is" : " checks are") + " overdue");
  }

  /** Why nothing is repaired or told, once that has been so for a minute. */
  public Optional<String> outage() {
    var made = engine.get();
    return made == null ? Optional.empty() : made.outage();
  }

  private void delivered(String monitor) {
    var made = engine.get();
    if (made != null) {
      made.delivered(monitor);
    }
  }

  /**
   * To be called when nobody takes turns any more. What is on its way to people first, for the
   * engine writes down at its end what arrived.
   */
  @Override
  public void close() {
    courier.close(LAST_WORDS);
    var made = engine.get();
    if (made != null) {
      made.close();
    }
    if (server != null) {
      server.close();
    }
    clients.close();
    deadlines.close();
  }
}
