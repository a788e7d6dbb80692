package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.Engine;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each monitor its turns, on a thread of its own, until it is closed. */
public final class Runner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Runner.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);

  /** Turns on a host write a file, so this is long. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Engine engine;
  private final StatusStore statuses;
  private final InstantSource clock;
  private final Map<MonitorKey, Lane> lanes = new LinkedHashMap<>();

  private record Lane(Semaphore woken, Thread thread) {}

  public Runner(Engine engine, StatusStore statuses, InstantSource clock) {
    this.engine = engine;
    this.statuses = statuses;
    this.clock = clock;
  }

  /** One that has turns already has another soon. */
  public synchronized void start(HeartbeatMonitor monitor) {
    var key = MonitorKey.of(monitor);
    if (lanes.containsKey(key)) {
      wake(key);
      return;
    }
    var woken = new Semaphore(1);
    var thread = Thread.ofVirtual().name("turns of " + key).unstarted(() -> turns(key, woken));
    lanes.put(key, new Lane(woken, thread));
    thread.start();
  }

  /** A turn, soon. */
  public synchronized void wake(MonitorKey key) {
    var lane = lanes.get(key);
    if (lane != null) {
      lane.woken().release();
    }
  }

  /** No turn follows; its checks end, and those who know of its open incidents are told. */
  public void end(MonitorKey key) {
    Lane lane;
    synchronized (this) {
      lane = lanes.remove(key);
    }
    if (lane != null && ended(List.of(lane))) {
      engine.forget(key);
    }
  }

  /** One that had its turns from an earlier process, and gets none from us. */
  void end(HeartbeatMonitor kept) {
    engine.forget(kept);
  }

  private void turns(MonitorKey key, Semaphore woken) {
    var pause = Duration.ZERO;
    try {
      while (true) {
        var _ = woken.tryAcquire(Math.max(0, pause.toMillis()), TimeUnit.MILLISECONDS);
        woken.drainPermits();
        pause = turn(key);
      }
    } catch (InterruptedException _) {
      log.debug("{}: no more turns", key);
    }
  }

  /** A monitor that fails never stops another, nor itself for good. */
  private Duration turn(MonitorKey key) throws InterruptedException {
    try {
      var monitor = statuses.read(key);
      if (monitor.isEmpty()) {
        return LONGEST_PAUSE;
      }
      var next = engine.turn(monitor.get());
      var latest = clock.instant().plus(LONGEST_PAUSE);
      return Duration.between(clock.instant(), next.isBefore(latest) ? next : latest);
    } catch (StatusStore.Unavailable e) {
      log.debug("{}: {}; trying again", key, e.getMessage()); // the engine has said so, once
    } catch (RuntimeException | Error e) { // of no memory, too: its thread must not end
      log.error("{}: a turn failed, which is a bug; trying again", key, e);
    }
    return AFTER_A_FAILURE;
  }

  @Override
  public void close() {
    List<Lane> all;
    synchronized (this) {
      all = List.copyOf(lanes.values());
      lanes.clear();
    }
    var _ = ended(all);
  }

  /** Within a common patience; false when we are interrupted. */
  private static boolean ended(List<Lane> lanes) {
    lanes.forEach(lane -> lane.thread().interrupt());
    var until = System.nanoTime() + PATIENCE.toNanos();
    for (var lane : lanes) {
      try {
        if (!lane.thread().join(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
          log.warn("{} do not end", lane.thread().getName());
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
