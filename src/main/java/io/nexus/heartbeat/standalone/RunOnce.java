package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.PluginTarget;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.engine.Engine;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.engine.TargetView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * One look at every target that is decided on and told of, for cron. State goes from one to the
 * next, so that what was told is not told again.
 */
public final class RunOnce {
  /** For what does not wake us. */
  private static final Duration TICK = Duration.ofMillis(200);

  /** What cannot be told by then is told by the next of us: it is not in the ledger. */
  private static final Duration LONGEST_TELLING = Duration.ofSeconds(30);

  private final Engine engine;
  private final StatusStore statuses;
  private final InstantSource clock;
  private final Semaphore woken;
  private final IntSupplier undelivered;

  /**
   * @param woken a permit for each time that something changed
   * @param undelivered how many messages wait or are on their way
   */
  public RunOnce(
      Engine engine,
      StatusStore statuses,
      InstantSource clock,
      Semaphore woken,
      IntSupplier undelivered) {
    this.undelivered = undelivered;
    this.engine = engine;
    this.statuses = statuses;
    this.clock = clock;
    this.woken = woken;
  }

  /** Longer than any of us takes: what is looked at again is asked for. */
  private static final Duration NEVER = Duration.ofHours(24);

  /** As a process that stays has more than one reading of what it calls bad. */
  private static final int FAILURES = 2;

  /** What is worse each time is not looked at for ever. */
  private static final int LOOKS_AGAIN = 3;

  /**
   * The same monitor, looked at once, and a second time at once where it is worse than before: the
   * first look of a process that has just begun loads what it needs, within its timeout. A plugin,
   * which is a program of its own, is believed at once.
   */
  public static HeartbeatMonitor hasty(HeartbeatMonitor monitor) {
    var spec = monitor.getSpec();
    monitor.setSpec(
        new MonitorSpec(
            NEVER,
            spec.timeout(),
            spec.suspend(),
            spec.unknownAfter(),
            spec.targets().stream().map(RunOnce::hasty).toList(),
            spec.recovery(),
            spec.alerts()));
    return monitor;
  }

  private static Target hasty(Target target) {
    return target.decidedBy(target.kind() instanceof PluginTarget ? 1 : FAILURES, NEVER);
  }

  /**
   * @param monitors as their state was adopted
   * @return the worst of what counts
   */
  public Level of(List<HeartbeatMonitor> monitors)
      throws InterruptedException, StatusStore.Unavailable {
    var began = clock.instant();
    var tellUntil = Instant.MAX;
    var again = 0;
    boolean done;
    do {
      // A turn follows on the last look, and decides on it.
      var seen =
          monitors.stream().allMatch(monitor -> isSeen(monitor, began)) && !isAsking(monitors);
      if (seen && again < LOOKS_AGAIN && askWorsening(monitors)) {
        again++;
        seen = false;
      }
      if (seen && tellUntil.equals(Instant.MAX)) {
        tellUntil = clock.instant().plus(LONGEST_TELLING);
      }
      for (var monitor : monitors) {
        var live = statuses.read(MonitorKey.of(monitor));
        if (live.isPresent()) {
          var _ = engine.turn(live.get());
        }
      }
      // What became bad just before the turn has asked for more by now.
      seen &= !isAsking(monitors);
      done = seen && (undelivered.getAsInt() == 0 || clock.instant().isAfter(tellUntil));
      if (!done) {
        var _ = woken.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
        woken.drainPermits();
      }
    } while (!done);
    return Level.worst(
        engine.targets().stream().filter(TargetView::counts).map(TargetView::level).toList());
  }

  private boolean askWorsening(List<HeartbeatMonitor> monitors) {
    return monitors.stream().map(MonitorKey::of).filter(engine::askWorsening).count() > 0;
  }

  private boolean isAsking(List<HeartbeatMonitor> monitors) {
    return monitors.stream().map(MonitorKey::of).anyMatch(engine::isAsking);
  }

  private boolean isSeen(HeartbeatMonitor monitor, Instant began) {
    var key = MonitorKey.of(monitor);
    var spec = monitor.getSpec();
    return spec.targets().stream()
        .filter(target -> !spec.isSuspended(target))
        .allMatch(
            target ->
                engine.targets().stream()
                    .filter(view -> view.monitor().equals(key))
                    .filter(view -> view.target().equals(target.name()))
                    .map(TargetView::lastChecked)
                    .filter(Objects::nonNull)
                    .anyMatch(checked -> !checked.isBefore(began)));
  }
}
