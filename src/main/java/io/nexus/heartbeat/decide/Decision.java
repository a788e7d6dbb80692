package io.nexus.heartbeat.decide;

import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Act;
import io.nexus.heartbeat.api.MonitorState.Armed;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
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
 * @param putBack what was raised and is to have the replicas again which it had
 * @param notices what receivers have yet to be told, once {@code status} is stored
 * @param over incidents that are over and that nobody has to be told of: they stand in no status
 * @param asked targets that people want to be checked at once, when {@code status} is stored
 * @param nextLook when to decide again though nothing changes
 */
public record Decision(
    MonitorStatus status,
    List<Due> due,
    List<Raised> putBack,
    List<Notice> notices,
    List<Incident> over,
    Set<String> asked,
    Instant nextLook) {
  /** More acts than any budget allows are never remembered. */
  private static final int MOST_ACTS = 100;

  /** As many as a monitor may have targets. */
  private static final int MOST_RESOLVED = 100;

  private static final Set<RepairPhase> ATTENTIVE =
      Set.of(RepairPhase.Waiting, RepairPhase.Verifying);

  /** What the decision needs to know of the world, live. */
  public static Set<Look> looksOf(Situation given) {
    var situation = Orders.obeyed(given).situation();
    var looks = new LinkedHashSet<Look>();
    for (var target : situation.spec().targets()) {
      var open = Incidents.open(situation.prior().state().incidents(), target);
      var bad = situation.assessment(target).levelOrUnknown() != Level.Healthy;
      if (bad || open.isPresent()) {
        Ladder.look(situation, target, open.map(Incident::repair).orElse(null))
            .ifPresent(looks::add);
      }
    }
    return looks;
  }

  public static Decision of(Situation given) {
    var obeyed = Orders.obeyed(given);
    var situation = obeyed.situation();
    var incidents = new ArrayList<>(toldOf(situation));
    if (situation.notReady() != null) {
      // Nothing more is begun; what has happened is told all the same, and what was raised ends.
      var prior = situation.prior().state();
      var due = notices(situation, incidents);
      var undelivered = Reach.of(situation, due);
      var state =
          new MonitorState(
              prior.acts(),
              prior.armed(),
              incidents,
              undelivered,
              prior.pushes(),
              Raisings.next(situation, List.of()),
              prior.orders());
      return new Decision(
          Report.of(situation, state, situation.prior().actions()),
          List.of(),
          Raisings.due(state.raised(), situation.now()),
          due,
          List.of(),
          Set.of(),
          Raisings.nextLook(state.raised(), situation.now()).orElse(Instant.MAX));
    }
    var acts = new ArrayList<>(remembered(situation));
    closeWhatIsNoLongerWatched(situation, incidents);
    for (var target : situation.spec().targets()) {
      if (!situation.spec().isSuspended(target)) {
        step(situation, target, incidents, acts);
      }
    }
    var actions = ActionLog.next(situation, incidents);
    incidents.replaceAll(incident -> Keyboards.kept(situation, incident));
    var over =
        incidents.stream()
            .filter(i -> i.resolvedAt() != null && notices(situation, i).isEmpty())
            .toList();
    incidents.removeAll(over);
    forgetAllButTheLastResolved(incidents);
    var notices = notices(situation, incidents);
    var state =
        new MonitorState(
            acts,
            armed(situation),
            incidents,
            Reach.of(situation, notices),
            Arrivals.carried(situation),
            Raisings.next(situation, incidents),
            situation.prior().state().orders());
    return new Decision(
        Report.of(situation, state, actions),
        incidents.stream().flatMap(i -> due(situation, i).stream()).toList(),
        Raisings.due(state.raised(), situation.now()),
        notices,
        over,
        obeyed.asked(),
        NextLook.after(situation, state));
  }

  /** Targets of which each reading may change what is to be done: what was done is being proven. */
  public Set<String> attentive() {
    return status.state().incidents().stream()
        .filter(i -> i.resolvedAt() == null)
        .filter(i -> i.repair() != null && ATTENTIVE.contains(i.repair().phase()))
        .map(Incident::target)
        .collect(toSet());
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
    var held =
        !Incidents.isInFlight(incident.get())
            && Dependencies.holding(target, situation).isPresent();
    var updated = held ? incident.get() : rules.updated(incident.get(), target);
    var gates = new Gates(situation, acts, incidents);
    var step =
        held || rules.isOver(updated, target)
            ? new Phases.Step(updated)
            : new Ladder(situation, target, gates).climb(updated);
    step.planned().ifPresent(acts::add);
    step.givenBack().ifPresent(acts::remove);
    var next = step.incident();
    if (rules.isOver(next, target)) {
      var lasted = Words.of(Duration.between(next.openedAt(), situation.now()));
      next = rules.resolved(next, "healthy again after " + lasted);
    }
    open.ifPresent(incidents::remove);
    incidents.add(next);
  }

  /** As long as budget or cooldown ask for them. */
  private static List<Act> remembered(Situation situation) {
    var recovery = situation.spec().recovery();
    var window = Collections.max(List.of(recovery.budget().per(), recovery.cooldown()));
    var start = situation.now().minus(window);
    var acts =
        situation.prior().state().acts().stream().filter(a -> a.at().isAfter(start)).toList();
    return acts.subList(Math.max(0, acts.size() - MOST_ACTS), acts.size());
  }

  private static List<Incident> toldOf(Situation situation) {
    return Ledger.told(situation.prior().state().incidents(), situation.news());
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
    return incident
        .withRepair(null)
        .with(Kind.Unwatched, incident.level(), situation.now(), text)
        .resolved(situation.now());
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

  private static Optional<Due> due(Situation situation, Incident incident) {
    return watched(situation, incident).flatMap(target -> Ladder.due(situation, target, incident));
  }

  /**
   * Of a target that comes and goes while nobody can be told, the last time is enough: what is over
   * and untold is bounded by the targets, as what is open is.
   */
  private static void forgetAllButTheLastResolved(List<Incident> incidents) {
    var targets = new HashSet<String>();
    for (var i = incidents.size() - 1; i >= 0; i--) {
      var incident = incidents.get(i);
      if (incident.resolvedAt() != null
          && (!targets.add(incident.target()) || targets.size() > MOST_RESOLVED)) {
        incidents.remove(i);
      }
    }
  }

  private static List<Notice> notices(Situation situation, List<Incident> incidents) {
    return incidents.stream().flatMap(i -> notices(situation, i).stream()).toList();
  }

  private static List<Notice> notices(Situation situation, Incident incident) {
    var remedy = watched(situation, incident).map(target -> Remedy.of(incident, target)).orElse("");
    var choices = Choices.of(situation, incident);
    return situation.receivers().stream()
        .flatMap(r -> Ledger.due(situation.monitor(), incident, r, remedy, choices).stream())
        .toList();
  }
}
