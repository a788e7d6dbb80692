package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.api.Attention;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.OrderBook;
import io.nexus.heartbeat.api.RepairPhase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a status is worth a write: levels, incidents, repairs and the ledger, not their words;
 * but for what keeps us from telling, since people mend it step by step.
 */
record Gist(
    List<TargetGist> targets,
    List<MonitorState.Act> acts,
    List<MonitorState.Armed> armed,
    List<IncidentGist> incidents,
    List<MonitorState.Undelivered> undelivered,
    List<MonitorState.Raised> raised,
    List<ActionRecord> actions,
    OrderBook orders) {

  record TargetGist(
      String name,
      String kind,
      Level level,
      @Nullable Boolean flapping,
      @Nullable String incident,
      String whyUnknown) {}

  record IncidentGist(
      String id,
      Level level,
      @Nullable Instant resolvedAt,
      @Nullable RepairPhase phase,
      int rung,
      @Nullable Plan plan,
      @Nullable String lastTry,
      int story,
      List<Told> told,
      @Nullable Attention attention) {}

  static Gist of(MonitorStatus status) {
    return new Gist(
        status.targets().stream()
            .map(
                t ->
                    new TargetGist(
                        t.name(),
                        t.kind(),
                        t.level(),
                        t.flapping(),
                        t.incident(),
                        t.level() == Level.Unknown ? t.message() : ""))
            .toList(),
        status.state().acts(),
        status.state().armed(),
        status.state().incidents().stream().map(Gist::of).toList(),
        status.state().undelivered(),
        status.state().raised(),
        status.actions(),
        status.state().orders());
  }

  private static IncidentGist of(Incident incident) {
    var repair = incident.repair();
    return new IncidentGist(
        incident.id(),
        incident.level(),
        incident.resolvedAt(),
        repair == null ? null : repair.phase(),
        repair == null ? 0 : repair.rung(),
        repair == null ? null : repair.plan(),
        repair == null ? null : repair.lastTry(),
        incident.story().isEmpty() ? 0 : incident.story().getLast().seq(),
        incident.told(),
        incident.attention());
  }
}
