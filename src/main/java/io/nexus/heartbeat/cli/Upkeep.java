package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.standalone.Fleet;
import io.nexus.heartbeat.standalone.OrderFiles;
import io.nexus.heartbeat.standalone.StateDirectory;
import io.nexus.heartbeat.standalone.Systemd;
import io.nexus.heartbeat.wiring.Machinery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code run} does beside watching: its files are re-read when they change or SIGHUP asks for
 * it, and systemd is told how it is.
 */
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(10);

  private final MonitorSource source;
  private final Fleet fleet;
  private final OrderFiles orders;
  private final StateDirectory state;
  private final Machinery machinery;
  private final Listener listener;
  private final Systemd systemd;
  private final AtomicBoolean asked;
  private boolean stale;

  /** When a reload that the state directory refused is tried again; null for none. */
  private @Nullable Long again;

  /**
   * @param asked set when the files are to be read again, whatever they look like
   */
  Upkeep(
      MonitorSource source,
      Fleet fleet,
      OrderFiles orders,
      StateDirectory state,
      Machinery machinery,
      Listener listener,
      Systemd systemd,
      AtomicBoolean asked) {
    this.source = source;
    this.fleet = fleet;
    this.orders = orders;
    this.state = state;
    this.machinery = machinery;
    this.listener = listener;
    this.systemd = systemd;
    this.asked = asked;
  }

  void start(List<HeartbeatMonitor> monitors) throws StateDirectory.Refused {
    listener.attempt();
    for (var ended : fleet.endOthers(monitors)) {
      log.info("{} is declared no more and has ended", ended);
    }
    var _ = fleet.apply(monitors);
    for (var key : fleet.keys()) {
      state.read(key).ifPresent(monitor -> sayWhatIsOpen(key, monitor));
    }
    systemd.ready();
  }

  private static void sayWhatIsOpen(MonitorKey key, HeartbeatMonitor monitor) {
    var status = monitor.getStatus();
    var open =
        status == null
            ? List.<String>of()
            : status.targets().stream()
                .filter(target -> target.incident() != null)
                .map(target -> target.name() + " (" + target.level() + ")")
                .toList();
    if (!open.isEmpty()) {
      log.info("{}: it goes on with what was wrong before: {}", key, String.join(", ", open));
    }
  }

  void until(Stop stop) throws InterruptedException {
    var tick = systemd.watchdog().map(w -> w.dividedBy(3)).filter(w -> w.compareTo(TICK) < 0);
    do {
      if (asked.getAndSet(false) | source.isChanged() | isDueAgain()) {
        reload();
      }
      var _ = orders.give(fleet::wake);
      listener.attempt();
      systemd.status(
          StatusLine.of(
              fleet.keys().stream().map(state::read).toList(), stale, machinery.outage()));
      if (machinery.whyBroken().isEmpty()) {
        systemd.alive();
      }
    } while (!stop.await(tick.orElse(TICK)));
    systemd.stopping();
  }

  private boolean isDueAgain() {
    return again != null && System.nanoTime() - again >= 0;
  }

  /** An edit that is broken leaves everything as it was. */
  private void reload() {
    if (!source.canBeReadAgain()) {
      log.warn(
          "SIGHUP: the monitors came from options or from the standard input, which cannot be read again");
      return;
    }
    systemd.reloading();
    try {
      var read = source.read();
      read.notices().forEach(log::warn);
      if (!read.findings().isEmpty()) {
        read.findings().forEach(log::error);
        throw new Failure(ExitCode.CONFIG, read.mistakes());
      }
      var change = fleet.apply(read.monitors());
      log.info("read the files again: {}", change);
      isStale(false);
      again = null;
    } catch (StateDirectory.Refused e) {
      if (again == null) {
        log.error(
            "the files were read again and are used only in part: {}. It is tried again every {} s",
            e.getMessage(),
            BETWEEN_ATTEMPTS.toSeconds());
      }
      again = System.nanoTime() + BETWEEN_ATTEMPTS.toNanos();
      isStale(true);
    } catch (Failure e) {
      again = null;
      log.error(
          "the files were read again and are not used: {}. What ran before goes on; mend them, or"
              + " send SIGHUP to try again",
          e.getMessage());
      isStale(true);
    }
    systemd.ready();
  }

  private void isStale(boolean now) {
    stale = now;
    machinery.configurationIsStale(now);
  }
}
