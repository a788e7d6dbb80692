package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.Waiting;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.decide.Facts.Found;
import io.nexus.heartbeat.decide.Phases.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Before an act: whether it is the rung's turn, whether all gates are open, and what is planned.
 */
record Planning(Rungs rungs, Gates gates) {
  /** What was planned and is not done by then is called off. */
  static final Duration TO_ACT = Duration.ofMinutes(2);

  Step next(Incident incident, Repair repair) {
    var rung = rungs.rung(repair);
    if (rung.isEmpty()) {
      return phases().climbOn(incident, repair); // it was shortened
    }
    var wait = rungs.tooEarly(rung.get());
    if (wait.isPresent()) {
      return phases().waiting(incident, repair, wait.get());
    }
    // Whoever has come further has seen one, and counts from another moment.
    if (repair.attempts() > 0
        && repair.phase() == Waiting
        && !situation().assessment(rungs.target()).isNewerThan(repair.since())) {
      return phases().waiting(incident, repair, "for a check begun after the last attempt");
    }
    var due = incident.openedAt().plus(rung.get().after());
    if (now().isBefore(due)) {
      return phases().waiting(incident, repair, "until " + Words.of(due));
    }
    var action = rung.get().action(rungs.target());
    return action.isEmpty() ? tell(incident, repair) : plan(incident, repair, action.get());
  }

  private Step tell(Incident incident, Repair repair) {
    var justOpened = incident.openedAt().equals(now());
    var told =
        justOpened
            ? incident
            : incident.with(
                Kind.Notify, incident.level(), now(), "a person should look: " + incident.cause());
    return phases().climbOn(told, repair);
  }

  private Step plan(Incident incident, Repair repair, Action action) {
    if (repair.attempts() >= situation().spec().recovery().maxAttempts()) {
      return phases().exhausted(incident, repair);
    }
    if (repair.retryAt() != null && now().isBefore(repair.retryAt())) {
      return new Step(incident);
    }
    var look = rungs.look(action, null);
    var facts = situation().facts().get(look);
    if (facts instanceof Found found && found.obstacle() != null && found.obstacle().lasting()) {
      var no = found.obstacle();
      return phases()
          .passedBy(incident, repair, action.words() + ": " + no.gate() + ": " + no.why());
    }
    var closed = gates.closedFor(rungs.target(), look);
    if (closed.isPresent()) {
      return phases().blocked(incident, repair, closed.get());
    }
    if (!(facts instanceof Found found)) {
      return phases()
          .blocked(incident, repair, new Gates.Closed("not readable", action.subject().toString()));
    }
    var steps = new Steps(rungs);
    var asking = repair.asking(found.pods());
    if (steps.mustWait(incident, asking)) {
      return steps.awaiting(incident, asking, found.affects());
    }
    var plan = plan(incident, repair, action, found);
    var words =
        action.words() + (plan.approvedBy() == null ? "" : ", approved by " + plan.approvedBy());
    return new Step(
        Steps.used(incident)
            .withRepair(repair.planned(plan, now()))
            .with(Kind.Planned, incident.level(), now(), words),
        Optional.of(phases().spentOn(plan, now())),
        Optional.empty());
  }

  private Plan plan(Incident incident, Repair repair, Action action, Found found) {
    var sequence = found.sequence() + 1;
    return new Plan(
        IncidentId.ofAct(
            situation().uid(), incident, repair.rung(), repair.attempts() + 1, sequence),
        sequence,
        action.words(),
        action.subject(),
        found.uid(),
        now(),
        now().plus(TO_ACT),
        found.pods(),
        Steps.approvedBy(incident));
  }

  private Phases phases() {
    return new Phases(rungs);
  }

  private Situation situation() {
    return rungs.situation();
  }

  private Instant now() {
    return situation().now();
  }
}
