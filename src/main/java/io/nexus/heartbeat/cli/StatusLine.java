package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.engine.MonitorKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** All monitors in one line, such as {@code 7/9, gateway: connection refused}. */
final class StatusLine {
  private static final Pattern SHARES = Pattern.compile("([0-9]{1,4})/([0-9]{1,4})");

  private StatusLine() {}

  /**
   * @param stale the files hold an edit that is not used
   */
  static String of(List<Optional<HeartbeatMonitor>> monitors, boolean stale) {
    var known = monitors.stream().flatMap(Optional::stream).toList();
    var line = healthy(known) + worst(known).map(message -> ", " + message).orElse("");
    return stale ? line + "; the last edit of the files is broken, see the log" : line;
  }

  private static String healthy(List<HeartbeatMonitor> monitors) {
    var healthy = 0;
    var all = 0;
    for (var monitor : monitors) {
      var shares = SHARES.matcher(status(monitor).summary().healthy());
      if (shares.matches()) {
        healthy += Integer.parseInt(shares.group(1));
        all += Integer.parseInt(shares.group(2));
      }
    }
    return healthy + "/" + all;
  }

  private static Optional<String> worst(List<HeartbeatMonitor> monitors) {
    return monitors.stream()
        .filter(monitor -> status(monitor).level() != Level.Healthy)
        .max(Comparator.comparing(monitor -> status(monitor).level()))
        .map(
            monitor ->
                (monitors.size() == 1 ? "" : MonitorKey.of(monitor) + " ")
                    + status(monitor).message());
  }

  private static MonitorStatus status(HeartbeatMonitor monitor) {
    return monitor.getStatus() == null ? MonitorStatus.NONE : monitor.getStatus();
  }
}
