package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in {@code Ready} why a monitor is not processed; nothing is refused silently. */
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
    if (before.conditions().stream().anyMatch(it -> says(it, reason, message))) {
      return;
    }
    log.warn("monitor {} is not processed: {}", MonitorKey.of(monitor), message);
    var ready =
        new ConditionBuilder()
            .withType("Ready")
            .withStatus("False")
            .withReason(reason)
            .withMessage(message)
            .withObservedGeneration(monitor.getMetadata().getGeneration())
            .withLastTransitionTime(
                before.conditions().stream()
                    .filter(it -> it.getType().equals("Ready") && it.getStatus().equals("False"))
                    .map(Condition::getLastTransitionTime)
                    .findFirst()
                    .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()))
            .build();
    var conditions =
        Stream.concat(
                Stream.of(ready),
                before.conditions().stream().filter(it -> !it.getType().equals("Ready")))
            .toList();
    try {
      statuses.write(
          monitor,
          new MonitorStatus(
              before.observedGeneration(),
              before.level(),
              before.message(),
              before.summary(),
              before.lastChangeTime(),
              conditions,
              before.targets(),
              before.state()));
    } catch (StatusStore.Conflict | StatusStore.Unavailable e) {
      log.warn(
          "monitor {}: cannot say that it is not ready: {}",
          MonitorKey.of(monitor),
          e.getMessage());
    }
  }

  private static boolean says(Condition it, String reason, String message) {
    return it.getType().equals("Ready")
        && it.getStatus().equals("False")
        && reason.equals(it.getReason())
        && message.equals(it.getMessage());
  }
}
