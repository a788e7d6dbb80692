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
   * @param outage why nothing is stored, and so nobody told; what is known is as old as that
   */
  static String of(
      List<Optional<HeartbeatMonitor>> monitors, boolean stale, Optional<String> outage) {
    var known = monitors.stream().flatMap(Optional::stream).toList();
    var line = healthy(known) + worst(known).map(message -> ", " + message).orElse("");
    return outage.map(why -> "nobody is told: " + why + "; before that ").orElse("")
        + line
        + (stale ? "; the last edit of the files is not used, see the log" : "");
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
