package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.standalone.Fleet;
import io.nexus.heartbeat.standalone.StateDirectory;
import io.nexus.heartbeat.standalone.Systemd;
import io.nexus.heartbeat.wiring.Machinery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code run} does beside watching: its files are re-read when they change or SIGHUP asks for
 * it, and systemd is told how it is.
 */
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration TICK = Duration.ofSeconds(1);

  private final MonitorSource source;
  private final Fleet fleet;
  private final StateDirectory state;
  private final Machinery machinery;
  private final Listener listener;
  private final Systemd systemd;
  private final AtomicBoolean asked = new AtomicBoolean();
  private List<MonitorKey> keys = List.of();
  private boolean stale;

  Upkeep(
      MonitorSource source,
      Fleet fleet,
      StateDirectory state,
      Machinery machinery,
      Listener listener,
      Systemd systemd) {
    this.source = source;
    this.fleet = fleet;
    this.state = state;
    this.machinery = machinery;
    this.listener = listener;
    this.systemd = systemd;
  }

  void start(List<HeartbeatMonitor> monitors) throws StateDirectory.Refused {
    listener.attempt();
    var _ = fleet.apply(monitors);
    keys = monitors.stream().map(MonitorKey::of).toList();
    Signals.on("HUP", _ -> asked.set(true));
    systemd.ready();
  }

  void until(Stop stop) throws InterruptedException {
    var tick = systemd.watchdog().map(w -> w.dividedBy(3)).filter(w -> w.compareTo(TICK) < 0);
    do {
      if (asked.getAndSet(false) | source.isChanged()) {
        reload();
      }
      listener.attempt();
      systemd.status(StatusLine.of(keys.stream().map(state::read).toList(), stale));
      if (machinery.whyBroken().isEmpty()) {
        systemd.alive();
      }
    } while (!stop.await(tick.orElse(TICK)));
    systemd.stopping();
  }

  /** All of it or nothing: an edit that is broken leaves everything as it was. */
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
      keys = read.monitors().stream().map(MonitorKey::of).toList();
      log.info("read the files again: {}", change);
      isStale(false);
    } catch (Failure | StateDirectory.Refused e) {
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
