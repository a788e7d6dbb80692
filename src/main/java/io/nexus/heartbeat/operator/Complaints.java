package io.nexus.heartbeat.operator;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.MonitorStatus.Summary;
import io.nexus.heartbeat.decide.Conditions;
import io.nexus.heartbeat.decide.Situation.NotReady;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the status why a monitor is not processed; nothing is refused silently. */
final class Complaints {
  private static final Logger log = LoggerFactory.getLogger(Complaints.class);

  private final StatusStore statuses;
  private final InstantSource clock;

  Complaints(StatusStore statuses, InstantSource clock) {
    this.statuses = statuses;
    this.clock = clock;
  }

  void unreadable(UnreadableMonitor monitor) {
    notReady(monitor, "Unreadable", monitor.problem());
  }

  void failed(HeartbeatMonitor monitor) {
    notReady(
        monitor,
        "ProcessingFailed",
        "Heartbeat met an error it did not expect; it is in the operator's log, and tried again");
  }

  private void notReady(HeartbeatMonitor monitor, String reason, String message) {
    var before = Objects.requireNonNullElse(monitor.getStatus(), MonitorStatus.NONE);
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var status = notProcessed(before, new NotReady(reason, message), generation(monitor), now);
    if (status.equals(before)) {
      return;
    }
    log.warn("monitor {} is not processed: {}", MonitorKey.of(monitor), message);
    try {
      statuses.write(monitor, status);
    } catch (StatusStore.Conflict | StatusStore.Unavailable e) {
      log.warn(
          "monitor {}: cannot say that it is not ready: {}",
          MonitorKey.of(monitor),
          e.getMessage());
    }
  }

  /** Nothing is known of it any more; of its targets the last that was. */
  private static MonitorStatus notProcessed(
      MonitorStatus before, NotReady why, long generation, Instant now) {
    return new MonitorStatus(
        before.observedGeneration(),
        Level.Unknown,
        why.message(),
        new Summary("", ""),
        before.level() == Level.Unknown && before.lastChangeTime() != null
            ? before.lastChangeTime()
            : now,
        Conditions.notProcessed(before.conditions(), why, generation, now),
        before.targets(),
        before.actions(),
        before.state());
  }

  private static long generation(HeartbeatMonitor monitor) {
    return Objects.requireNonNullElse(monitor.getMetadata().getGeneration(), 0L);
  }
}
