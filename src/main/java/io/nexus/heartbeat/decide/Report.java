package io.nexus.heartbeat.decide;

import static java.util.function.Predicate.not;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.api.Amount;
import io.nexus.heartbeat.api.Attention;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.MonitorStatus.Summary;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.api.TargetStatus.RepairStatus;
import io.nexus.heartbeat.reading.Measurements;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status as people read it, built from nothing each time. */
final class Report {
  private final Situation situation;
  private final MonitorState state;
  private final List<ActionRecord> actions;

  private Report(Situation situation, MonitorState state, List<ActionRecord> actions) {
    this.actions = actions;
    this.situation = situation;
    this.state = state;
  }

  static MonitorStatus of(Situation situation, MonitorState state, List<ActionRecord> actions) {
    return new Report(situation, state, actions).status();
  }

  private MonitorStatus status() {
    var targets = situation.spec().targets().stream().map(this::target).toList();
    var counting = situation.spec().targets().stream().filter(situation::counts).toList();
    var level = Level.worst(counting.stream().map(this::level).toList());
    if (situation.notReady() != null) {
      level = Level.Unknown;
    }
    var message = message(counting, targets, level);
    var changed = level != situation.prior().level() || situation.prior().lastChangeTime() == null;
    return new MonitorStatus(
        situation.generation(),
        level,
        message,
        new Summary(healthy(counting), recovery()),
        changed ? situation.now() : situation.prior().lastChangeTime(),
        Conditions.of(situation, state.undelivered(), level, message, allChecked()),
        targets,
        actions,
        state);
  }

  private Level level(Target target) {
    return situation.assessment(target).levelOrUnknown();
  }

  private boolean allChecked() {
    return situation.spec().targets().stream()
        .filter(not(situation.spec()::isSuspended))
        .map(situation::assessment)
        .allMatch(a -> (a.looked() || situation.proven()) && a.level() != null);
  }

  private String message(List<Target> counting, List<TargetStatus> targets, Level level) {
    if (situation.notReady() != null) {
      return situation.notReady().message();
    }
    if (situation.spec().suspend()) {
      return "suspended";
    }
    if (level == Level.Healthy) {
      return "";
    }
    var names = counting.stream().map(Target::name).collect(Collectors.toSet());
    var bad =
        targets.stream()
            .filter(t -> names.contains(t.name()) && t.level() == level)
            .sorted(
                Comparator.comparing(
                    TargetStatus::since, Comparator.nullsLast(Comparator.naturalOrder())))
            .toList();
    if (bad.isEmpty()) {
      return "nothing is watched";
    }
    var others = bad.size() == 1 ? "" : " (and " + (bad.size() - 1) + " more)";
    return bad.getFirst().name() + ": " + bad.getFirst().message() + others;
  }

  private String healthy(List<Target> counting) {
    var healthy = counting.stream().filter(t -> level(t) == Level.Healthy).count();
    return healthy + "/" + counting.size();
  }

  /** The repair that has come furthest, for the table's column. */
  private String recovery() {
    var furthest = "";
    var phase = RepairPhase.Waiting;
    for (var incident : state.incidents()) {
      var repair = incident.repair();
      if (incident.resolvedAt() == null
          && repair != null
          && repair.phase() != RepairPhase.Told
          && repair.phase().compareTo(phase) >= 0) {
        phase = repair.phase();
        furthest = phase + " (" + incident.target() + ")";
      }
    }
    var pause = state.orders().pause();
    return furthest.isEmpty() && pause != null ? Orders.column(pause) : furthest;
  }

  private TargetStatus target(Target target) {
    var assessment = situation.assessment(target);
    var suspended = situation.spec().isSuspended(target);
    var incident = Incidents.open(state.incidents(), target).orElse(null);
    return new TargetStatus(
        target.name(),
        target.kind().fieldName(),
        suspended ? Level.Unknown : assessment.levelOrUnknown(),
        suspended ? "suspended" : held(target, assessment),
        assessment.since(),
        assessment.lastFinished(),
        assessment.latency(),
        assessment.failures(),
        shown(assessment.measurements()),
        assessment.recent(),
        assessment.flapping() ? true : null,
        incident == null ? null : IncidentId.shortForm(incident.id()),
        incident == null ? null : acknowledged(incident.attentionOrNone()),
        repair(target, incident));
  }

  private String held(Target target, Assessment assessment) {
    if (assessment.levelOrUnknown() == Level.Healthy) {
      return assessment.message();
    }
    return Dependencies.holding(target, situation)
        .map(parent -> assessment.message() + "; held while " + parent + " is not well")
        .orElse(assessment.message());
  }

  private static @Nullable String acknowledged(Attention attention) {
    return attention.acknowledgedBy() == null || attention.acknowledgedAt() == null
        ? null
        : "by " + attention.acknowledgedBy() + ", " + Words.of(attention.acknowledgedAt());
  }

  private static @Nullable RepairStatus repair(Target target, @Nullable Incident incident) {
    if (incident == null || incident.repair() == null) {
      return null;
    }
    var repair = incident.repair();
    return new RepairStatus(
        repair.phase(),
        repair.rung(),
        Remedy.action(target, repair.rung()),
        repair.message(),
        Steps.shown(incident, target));
  }

  private static Map<String, IntOrString> shown(Measurements measurements) {
    var shown = new TreeMap<String, IntOrString>();
    measurements.numbers().forEach((name, value) -> shown.put(name, shown(value)));
    measurements.words().forEach((name, word) -> shown.put(name, new IntOrString(word)));
    return shown;
  }

  private static IntOrString shown(double value) {
    return value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE
        ? new IntOrString((int) value)
        : new IntOrString(Amount.text(value));
  }
}
