package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.OrderBook.Pause;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.TargetStatus.RepairStatus;
import io.nexus.heartbeat.decide.IncidentId;
import io.nexus.heartbeat.engine.MonitorKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a monitor's status a person needs at night.
 *
 * @param refused the last order, when it was refused
 */
record MonitorSummary(
    MonitorKey key,
    Level level,
    String message,
    String healthy,
    String recovery,
    @Nullable Instant since,
    @Nullable Pause pause,
    @Nullable Handled refused,
    List<Open> incidents) {

  static final Comparator<MonitorSummary> WORST_FIRST =
      Comparator.comparing(MonitorSummary::level)
          .reversed()
          .thenComparing(summary -> summary.key().toString());

  /** An open incident, and how far its repair is. */
  record Open(
      String id,
      String target,
      Level level,
      String cause,
      Instant openedAt,
      @Nullable String acknowledgedBy,
      @Nullable RepairStatus repair) {

    /** A person has to begin the repair anew. */
    boolean isExhausted() {
      return repair != null && repair.phase() == RepairPhase.Exhausted;
    }
  }

  static MonitorSummary of(HeartbeatMonitor monitor) {
    var status = Desk.status(monitor);
    return new MonitorSummary(
        MonitorKey.of(monitor),
        status.level(),
        status.message(),
        status.summary().healthy(),
        status.summary().recovery(),
        status.lastChangeTime(),
        status.state().orders().pause(),
        status
            .state()
            .orders()
            .latest()
            .filter(last -> last.outcome() == Outcome.Refused)
            .orElse(null),
        status.state().incidents().stream()
            .filter(incident -> incident.resolvedAt() == null)
            .sorted(Comparator.comparing(Incident::level).reversed())
            .map(incident -> open(status, incident))
            .toList());
  }

  private static Open open(MonitorStatus status, Incident incident) {
    return new Open(
        IncidentId.shortForm(incident.id()),
        incident.target(),
        incident.level(),
        incident.cause(),
        incident.openedAt(),
        incident.attentionOrNone().acknowledgedBy(),
        repair(status, incident).orElse(null));
  }

  private static Optional<RepairStatus> repair(MonitorStatus status, Incident incident) {
    return status.targets().stream()
        .filter(target -> target.name().equals(incident.target()))
        .map(target -> Optional.ofNullable(target.repair()))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
