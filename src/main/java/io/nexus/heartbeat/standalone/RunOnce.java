package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.PluginTarget;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.engine.Engine;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.engine.TargetView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at every target that is decided on and told of, for cron. State goes from one to the
 * next, so that what was told is not told again.
 */
public final class RunOnce {
  private static final Logger log = LoggerFactory.getLogger(RunOnce.class);

  /**
   * What is repaired is looked at so long for a proof; else the next of us goes on with it. From
   * when the act has ended: that is always waited for.
   */
  private static final Duration TO_PROVE = Duration.ofSeconds(30);

  private static final Duration BETWEEN_PROOFS = Duration.ofSeconds(1);

  /** For what does not wake us. */
  private static final Duration TICK = Duration.ofMillis(200);

  /** What cannot be told by then is told by the next of us: it is not in the ledger. */
  private static final Duration LONGEST_TELLING = Duration.ofSeconds(30);

  /** Longer than any of us takes: what is looked at again is asked for. */
  private static final Duration NEVER = Duration.ofHours(24);

  /** As a process that stays has more than one reading of what it calls bad. */
  private static final int FAILURES = 2;

  private static final Set<RepairPhase> IN_FLIGHT =
      Set.of(RepairPhase.Planned, RepairPhase.Executing, RepairPhase.Verifying);

  /** What is worse each time is not looked at for ever. */
  private static final int LOOKS_AGAIN = 3;

  private final Engine engine;
  private final StatusStore statuses;
  private final Semaphore woken;
  private final IntSupplier undelivered;
  private final Orders orders;
  private final BooleanSupplier acting;
  private long proveUntil = Long.MAX_VALUE;
  private long lastProof;

  /** What people have ordered, by files and by buttons. */
  @FunctionalInterface
  public interface Orders {
    /**
     * @return whether there was any that a turn has to take
     */
    boolean give() throws InterruptedException;
  }

  /**
   * @param woken a permit for each time that something changed
   * @param undelivered how many messages wait or are on their way
   * @param orders gives monitors what people ordered; false: there is nothing more
   * @param acting whether something is being done now
   */
  public RunOnce(
      Engine engine,
      StatusStore statuses,
      Semaphore woken,
      IntSupplier undelivered,
      Orders orders,
      BooleanSupplier acting) {
    this.orders = orders;
    this.undelivered = undelivered;
    this.acting = acting;
    this.engine = engine;
    this.statuses = statuses;
    this.woken = woken;
  }

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
   * @return the worst of what counts; Unknown at least where a target was not looked at in time
   */
  public Level of(List<HeartbeatMonitor> monitors)
      throws InterruptedException, StatusStore.Unavailable {
    do {
      turns(monitors); // now it is known what there is to look at, and what was ordered
    } while (orders.give());
    var lookUntil = System.nanoTime() + longest(monitors).toNanos();
    var tellUntil = Long.MAX_VALUE;
    var again = 0;
    boolean done;
    do {
      // A turn follows on the last look, and decides on it.
      var late = System.nanoTime() - lookUntil > 0;
      var seen = late || isSeen(monitors);
      if (seen && !late && again < LOOKS_AGAIN && askAgain(monitors)) {
        again++;
        seen = false;
      }
      if (seen && tellUntil == Long.MAX_VALUE) {
        tellUntil = System.nanoTime() + LONGEST_TELLING.toNanos();
      }
      turns(monitors);
      // What became bad just before the turn has asked for more by now.
      seen &= late || isSeen(monitors);
      done =
          !isRepairing(monitors)
              && seen
              && (undelivered.getAsInt() == 0 || System.nanoTime() - tellUntil > 0);
      if (!done) {
        var _ = woken.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
        woken.drainPermits();
      }
    } while (!done);
    return level(monitors);
  }

  /** What was begun is waited for, and what was done is looked at, until it is known to help. */
  private boolean isRepairing(List<HeartbeatMonitor> monitors) throws StatusStore.Unavailable {
    var now = System.nanoTime();
    var busy = acting.getAsBoolean();
    var repairing = false;
    for (var monitor : monitors) {
      var key = MonitorKey.of(monitor);
      var live = statuses.read(key);
      for (var incident : live.isPresent() ? open(live.get()) : List.<Incident>of()) {
        var repair = incident.repair();
        repairing |= repair != null && IN_FLIGHT.contains(repair.phase());
        if (repair != null
            && repair.phase() == RepairPhase.Verifying
            && now - lastProof > BETWEEN_PROOFS.toNanos()
            && !engine.isLooking(key)) {
          lastProof = now;
          engine.look(key, incident.target());
        }
      }
    }
    if (busy || (repairing && proveUntil == Long.MAX_VALUE)) {
      proveUntil = now + TO_PROVE.toNanos();
    }
    return busy || (repairing && now - proveUntil < 0);
  }

  private static List<Incident> open(HeartbeatMonitor monitor) {
    var status = monitor.getStatus();
    return status == null
        ? List.of()
        : status.state().incidents().stream().filter(it -> it.resolvedAt() == null).toList();
  }

  private void turns(List<HeartbeatMonitor> monitors)
      throws InterruptedException, StatusStore.Unavailable {
    for (var monitor : monitors) {
      var live = statuses.read(MonitorKey.of(monitor));
      if (live.isPresent()) {
        var _ = engine.turn(live.get());
      }
    }
  }

  private Level level(List<HeartbeatMonitor> monitors) {
    var levels =
        new ArrayList<>(
            engine.targets().stream().filter(TargetView::counts).map(TargetView::level).toList());
    for (var monitor : monitors) {
      var key = MonitorKey.of(monitor);
      var unseen = engine.unseen(key);
      if (!unseen.isEmpty()) {
        log.error("{}: in all this time nobody has looked at {}", key, String.join(", ", unseen));
        levels.add(Level.Unknown);
      }
    }
    return Level.worst(levels);
  }

  /** All looks that may be needed, one after the other, and as much again for a busy machine. */
  private static Duration longest(List<HeartbeatMonitor> monitors) {
    return monitors.stream()
        .map(HeartbeatMonitor::getSpec)
        .flatMap(spec -> spec.targets().stream().map(spec::timeoutOf))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO)
        .multipliedBy(2 * (1 + LOOKS_AGAIN))
        .plus(LONGEST_TELLING);
  }

  private boolean askAgain(List<HeartbeatMonitor> monitors) {
    return monitors.stream().map(MonitorKey::of).filter(engine::askAgain).count() > 0;
  }

  private boolean isSeen(List<HeartbeatMonitor> monitors) {
    return monitors.stream()
        .map(MonitorKey::of)
        .allMatch(key -> engine.unseen(key).isEmpty() && !engine.isLooking(key));
  }
}
