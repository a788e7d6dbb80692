package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.posix.NotifySocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What systemd is told of this service: sd_notify(3). Without a systemd that wants to know, nothing
 * is said. For one thread.
 */
public final class Systemd {
  private static final Logger log = LoggerFactory.getLogger(Systemd.class);

  private final @Nullable NotifySocket socket;
  private final Optional<Duration> watchdog;
  private String said = "";
  private boolean complained;
  private long nextAlive = System.nanoTime();

  private Systemd(@Nullable NotifySocket socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /**
   * @param environment with NOTIFY_SOCKET, and for the watchdog WATCHDOG_USEC and WATCHDOG_PID
   */
  public static Systemd of(Map<String, String> environment) {
    var path = environment.getOrDefault("NOTIFY_SOCKET", "");
    return path.isEmpty()
        ? new Systemd(null, Optional.empty())
        : new Systemd(new NotifySocket(path), watchdog(environment));
  }

  /** sd_watchdog_enabled(3): it may be meant for another process. */
  private static Optional<Duration> watchdog(Map<String, String> environment) {
    var pid = environment.get("WATCHDOG_PID");
    try {
      if (pid != null && Long.parseLong(pid) != ProcessHandle.current().pid()) {
        return Optional.empty();
      }
      var micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
      return micros <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos(micros * 1_000));
    } catch (NumberFormatException e) {
      log.warn("systemd's watchdog is not served: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** How often at least {@link #alive} is to be said; empty when nobody listens for it. */
  public Optional<Duration> watchdog() {
    return watchdog;
  }

  public void ready() {
    send("READY=1");
  }

  /** Until {@link #ready}. */
  public void reloading() {
    // CLOCK_MONOTONIC, which on Linux is what nanoTime() reads.
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1_000);
  }

  public void stopping() {
    send("STOPPING=1");
  }

  /** As often as one likes; it is passed on as often as the watchdog needs it. */
  public void alive() {
    var now = System.nanoTime();
    if (watchdog.isPresent() && now - nextAlive >= 0) {
      nextAlive = now + watchdog.get().toNanos() / 3;
      send("WATCHDOG=1");
    }
  }

  /** A line for {@code systemctl status}; said when it is another than before. */
  public void status(String line) {
    if (!Objects.equals(said, line)) {
      said = line;
      send("STATUS=" + line.replace('\n', ' '));
    }
  }

  private void send(String message) {
    if (socket == null) {
      return;
    }
    try {
      socket.send(message);
    } catch (IOException e) {
      if (!complained) {
        complained = true;
        log.warn("systemd cannot be told how this service is: {}", e.getMessage());
      }
    }
  }
}
