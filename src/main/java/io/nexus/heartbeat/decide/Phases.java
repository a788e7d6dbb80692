package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.AwaitingApproval;
import static io.nexus.heartbeat.api.RepairPhase.Blocked;
import static io.nexus.heartbeat.api.RepairPhase.Exhausted;
import static io.nexus.heartbeat.api.RepairPhase.Told;
import static io.nexus.heartbeat.api.RepairPhase.Waiting;

import io.nexus.heartbeat.api.MonitorState.Act;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Repair;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The phases that a repair enters, each with what it changes and what is told of it. */
record Phases(Rungs rungs) {
  /** What was refused once is not asked for again before; what was refused twice, twice as long. */
  static final Duration AFTER_A_REFUSAL = Duration.ofMinutes(1);

  /** A rung whose act was refused as often in a row is passed by. */
  static final int MOST_REFUSALS = 3;

  /** What a step changes: the incident, and the act if one was planned or given back. */
  record Step(Incident incident, Optional<Act> planned, Optional<Act> givenBack) {
    Step(Incident incident) {
      this(incident, Optional.empty(), Optional.empty());
    }
  }

  Step waiting(Incident incident, Repair repair, String why) {
    return new Step(incident.withRepair(repair.in(Waiting, now(), why, null)));
  }

  /** The closed gate is told once, not at every look. */
  Step blocked(Incident incident, Repair repair, Gates.Closed closed) {
    var known = repair.phase() == Blocked && gate(repair.message()).equals(closed.gate());
    var next = incident.withRepair(repair.refused(0).in(Blocked, now(), closed.text(), null));
    return new Step(
        known
            ? next
            : next.with(Kind.Blocked, incident.level(), now(), "not repaired, " + closed.text()));
  }

  Step awaiting(Incident incident, Repair repair, String what) {
    return new Step(incident.withRepair(repair.in(AwaitingApproval, now(), what, null)));
  }

  /** Nothing was done: the budget is not spent. */
  Step calledOff(Plan plan, Step step) {
    return new Step(
        step.incident(), Optional.empty(), Optional.of(spentOn(plan, plan.plannedAt())));
  }

  /** Whoever does it said no, or could not; it is asked again, but not for ever. */
  Step refused(Incident incident, Repair repair, Plan plan, String why) {
    var times = repair.refused() + 1;
    if (times >= MOST_REFUSALS) {
      return passedBy(
          incident, repair, "%s: refused %d times: %s".formatted(plan.action(), times, why));
    }
    var again = now().plus(AFTER_A_REFUSAL.multipliedBy(times));
    var next = repair.in(Blocked, now(), "refused: " + why, null).refused(times).retryingAt(again);
    return new Step(
        incident
            .withRepair(next)
            .with(
                Kind.Blocked,
                incident.level(),
                now(),
                "not repaired, refused, asked again at %s: %s".formatted(Words.of(again), why)));
  }

  /**
   * It cannot help, and nothing is spent on it.
   *
   * @param what was to be done, and why it is not
   */
  Step passedBy(Incident incident, Repair repair, String what) {
    var told = incident.with(Kind.Blocked, incident.level(), now(), "passed by, " + what);
    return climbOn(told, repair.skipping());
  }

  /** To the next rung; from the last to the first, as long as it may be tried again. */
  Step climbOn(Incident incident, Repair repair) {
    if (repair.rung() + 1 < rungs.size()) {
      return turnOf(repair.rung() + 1, incident, repair);
    }
    var first = rungs.firstActing();
    return first.isPresent()
            && repair.skipped() < rungs.acting()
            && repair.attempts() < rungs.situation().spec().recovery().maxAttempts()
        ? turnOf(first.get(), incident, repair)
        : exhausted(incident, repair);
  }

  private Step turnOf(int rung, Incident incident, Repair repair) {
    return new Step(incident.withRepair(repair.at(rung, now(), "for its turn")));
  }

  Step exhausted(Incident incident, Repair repair) {
    if (repair.attempts() == 0 && repair.skipped() == 0) {
      return new Step(incident.withRepair(repair.in(Told, now(), "people were told", null)));
    }
    var text =
        repair.attempts() == 0
            ? lastBlocked(incident) + "; a person has to look"
            : "repair is exhausted after %d attempts; a person has to look"
                .formatted(repair.attempts());
    return new Step(
        incident
            .withRepair(repair.in(Exhausted, now(), text, null))
            .with(Kind.Exhausted, incident.level(), now(), text));
  }

  /** Why nothing was tried, where that is the end of it. */
  private static String lastBlocked(Incident incident) {
    return incident.story().reversed().stream()
        .filter(it -> it.kind() == Kind.Blocked)
        .map(Happening::text)
        .findFirst()
        .orElse("nothing that may be tried can help");
  }

  Act spentOn(Plan plan, Instant at) {
    return new Act(rungs.target().name(), plan.subject().toString(), at);
  }

  private Instant now() {
    return rungs.situation().now();
  }

  private static String gate(String message) {
    var colon = message.indexOf(':');
    return colon < 0 ? message : message.substring(0, colon);
  }
}
