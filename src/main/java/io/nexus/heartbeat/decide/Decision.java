package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Act;
import io.nexus.heartbeat.api.MonitorState.Armed;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What follows from a situation: the next status, with everything that must be written down before
 * it is done; what is then to be done; and what is to be told.
 *
 * @param due acts that are written down in {@code status} and not yet known to be done
 * @param notices what receivers have yet to be told, once {@code status} is stored
 * @param nextLook when to decide again though nothing changes
 */
public record Decision(
    MonitorStatus status, List<Plan> due, List<Notice> notices, Instant nextLook) {
  /** Acts older than any budget's window are forgotten. */
  private static final Duration LONGEST_WINDOW = Duration.ofHours(24);

  /** The workloads whose live state the decision needs. */
  public static Set<WorkloadRef> workloadsOf(Situation situation) {
    var workloads = new LinkedHashSet<WorkloadRef>();
    for (var target : situation.spec().targets()) {
      var open = Incidents.open(situation.prior().state().incidents(), target);
      var exhausted =
          open.map(Incident::repair).filter(r -> r.phase() == RepairPhase.Exhausted).isPresent();
      var bad = situation.assessment(target).levelOrUnknown() != Level.Healthy;
      if (!exhausted && (bad || open.isPresent())) {
        target.repair().stream()
            .map(Rung::restart)
            .filter(Objects::nonNull)
            .forEach(workloads::add);
        open.map(Incident::repair).map(r -> r.plan()).map(Plan::workload).ifPresent(workloads::add);
      }
    }
    return workloads;
  }

  public static Decision of(Situation situation) {
    var incidents = new ArrayList<>(toldOf(situation));
    if (situation.notReady() != null) {
      // Nothing more happens; what has happened is told all the same.
      var prior = situation.prior().state();
      var due = notices(situation, incidents);
      var undelivered = Reach.of(situation, due);
      var state = new MonitorState(prior.acts(), prior.armed(), incidents, undelivered);
      return new Decision(Report.of(situation, state), List.of(), due, Instant.MAX);
    }
    var acts = new ArrayList<>(remembered(situation));
    closeWhatIsNoLongerWatched(situation, incidents);
    for (var target : situation.spec().targets()) {
      if (!situation.spec().isSuspended(target)) {
        step(situation, target, incidents, acts);
      }
    }
    incidents.removeIf(i -> i.resolvedAt() != null && notices(situation, i).isEmpty());
    var notices = notices(situation, incidents);
    var state = new MonitorState(acts, armed(situation), incidents, Reach.of(situation, notices));
    return new Decision(
        Report.of(situation, state),
        incidents.stream().flatMap(i -> due(i).stream()).toList(),
        notices,
        NextLook.after(situation, state));
  }

  /** A repair is under way, or an incident open: each reading may change what is to be done. */
  public boolean isAttentive() {
    return status.state().incidents().stream().anyMatch(i -> i.resolvedAt() == null);
  }

  /** Whether the status says something that the stored one does not. Measurements ride along. */
  public boolean isNews(MonitorStatus stored) {
    return !Objects.equals(stored.observedGeneration(), status.observedGeneration())
        || stored.level() != status.level()
        || !stored.summary().equals(status.summary())
        || !Conditions.same(stored.conditions(), status.conditions())
        || !Gist.of(stored).equals(Gist.of(status));
  }

  private static void step(
      Situation situation, Target target, List<Incident> incidents, List<Act> acts) {
    var rules = new Incidents(situation);
    var open = Incidents.open(incidents, target);
    var incident = open.or(() -> rules.opening(target));
    if (incident.isEmpty()) {
      return;
    }
    var updated = rules.updated(incident.get(), target);
    var held =
        !Incidents.isInFlight(updated) && Dependencies.holding(target, situation).isPresent();
    var gates = new Gates(situation, acts, incidents);
    var step =
        held || rules.isOver(updated, target)
            ? new Ladder.Step(updated)
            : new Ladder(situation, target, gates).climb(updated);
    step.planned().ifPresent(acts::add);
    step.givenBack().ifPresent(acts::remove);
    var next = step.incident();
    if (rules.isOver(next, target)) {
      var lasted = Words.of(Duration.between(next.openedAt(), situation.now()));
      next = rules.resolved(next, target.name() + " is healthy again after " + lasted);
    }
    open.ifPresent(incidents::remove);
    incidents.add(next);
  }

  private static List<Act> remembered(Situation situation) {
    var start = situation.now().minus(LONGEST_WINDOW);
    return situation.prior().state().acts().stream().filter(a -> a.at().isAfter(start)).toList();
  }

  private static List<Incident> toldOf(Situation situation) {
    return situation.prior().state().incidents().stream()
        .map(i -> Ledger.told(i, situation.news().getOrDefault(i.id(), List.of())))
        .toList();
  }

  private static void closeWhatIsNoLongerWatched(Situation situation, List<Incident> incidents) {
    incidents.replaceAll(
        incident ->
            incident.resolvedAt() != null || watched(situation, incident).isPresent()
                ? incident
                : unwatched(situation, incident));
  }

  /** Closed, though nobody knows whether it is over. */
  private static Incident unwatched(Situation situation, Incident incident) {
    var spec = situation.spec();
    var because =
        spec.targets().stream().anyMatch(t -> t.name().equals(incident.target()))
            ? "suspended"
            : spec.targets().isEmpty() // no spec is without targets: this is the farewell
                ? "its monitor is gone: deleted, unreadable or not selected any more"
                : "removed from the monitor";
    var text = "no longer watched: " + because + "; it was: " + incident.cause();
    var idle = Story.with(incident, (MonitorState.Repair) null);
    return Story.resolved(
        Story.with(idle, Kind.Unwatched, incident.level(), situation.now(), text), situation.now());
  }

  private static Optional<Target> watched(Situation situation, Incident incident) {
    return situation.spec().targets().stream()
        .filter(t -> t.name().equals(incident.target()) && !situation.spec().isSuspended(t))
        .findFirst();
  }

  private static List<Armed> armed(Situation situation) {
    var armed = new ArrayList<Armed>();
    for (var target : situation.spec().targets()) {
      var check = situation.checks().getOrDefault(target.name(), "");
      if (situation.assessment(target).armed()) {
        armed.add(new Armed(target.name(), check));
      } else {
        situation.prior().state().armed().stream()
            .filter(a -> a.target().equals(target.name()))
            .findFirst()
            .ifPresent(armed::add);
      }
    }
    return armed;
  }

  private static Optional<Plan> due(Incident incident) {
    var repair = incident.repair();
    return repair == null || repair.phase() != RepairPhase.Planned
        ? Optional.empty()
        : Optional.ofNullable(repair.plan());
  }

  private static List<Notice> notices(Situation situation, List<Incident> incidents) {
    return incidents.stream().flatMap(i -> notices(situation, i).stream()).toList();
  }

  private static List<Notice> notices(Situation situation, Incident incident) {
    var remedy = watched(situation, incident).map(target -> Remedy.of(incident, target)).orElse("");
    return situation.receivers().stream()
        .flatMap(r -> Ledger.due(situation.monitor(), incident, r, remedy).stream())
        .toList();
  }
}
