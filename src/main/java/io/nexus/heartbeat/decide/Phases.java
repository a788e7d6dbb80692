package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.Blocked;
import static io.nexus.heartbeat.api.RepairPhase.Exhausted;
import static io.nexus.heartbeat.api.RepairPhase.Told;
import static io.nexus.heartbeat.api.RepairPhase.Waiting;

import io.nexus.heartbeat.api.MonitorState.Act;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Repair;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The phases that a repair enters, each with what it changes and what is told of it. */
record Phases(Target target, Instant now) {
  private static final String REFUSED = "refused";

  /** What a step changes: the incident, and the act if one was planned or given back. */
  record Step(Incident incident, Optional<Act> planned, Optional<Act> givenBack) {
    Step(Incident incident) {
      this(incident, Optional.empty(), Optional.empty());
    }
  }

  Step waitingAt(Incident incident, Repair repair, int rung) {
    return waiting(
        incident,
        new Repair(Waiting, rung, repair.attempts(), repair.skipped(), now, "", null),
        "for its turn");
  }

  Step waiting(Incident incident, Repair repair, String why) {
    return new Step(incident.withRepair(phase(repair, Waiting, why, null)));
  }

  /** The closed gate is told once, not at every look. */
  Step blocked(Incident incident, Repair repair, String why) {
    var known = repair.phase() == Blocked && gate(repair.message()).equals(gate(why));
    var next = incident.withRepair(phase(repair, Blocked, why, null));
    return new Step(
        known ? next : next.with(Kind.Blocked, incident.level(), now, "not repaired, " + why));
  }

  /** Nothing was done: neither budget nor attempt is spent. */
  Step calledOff(Plan plan, Step step) {
    return new Step(
        step.incident(), Optional.empty(), Optional.of(spentOn(plan, plan.plannedAt())));
  }

  static Repair undone(Repair repair) {
    return new Repair(
        repair.phase(),
        repair.rung(),
        Math.max(0, repair.attempts() - 1),
        repair.skipped(),
        repair.since(),
        repair.message(),
        repair.plan());
  }

  Step exhausted(Incident incident, Repair repair) {
    return exhausted(incident, repair, "nothing that may be tried can help");
  }

  /**
   * @param why when nothing was tried
   */
  Step exhausted(Incident incident, Repair repair, String why) {
    if (repair.attempts() == 0 && repair.skipped() == 0) {
      return new Step(incident.withRepair(phase(repair, Told, "people were told", null)));
    }
    var text =
        repair.attempts() == 0
            ? why + "; a person has to look"
            : "repair is exhausted after %d attempts; a person has to look"
                .formatted(repair.attempts());
    return new Step(
        incident
            .withRepair(phase(repair, Exhausted, text, null))
            .with(Kind.Exhausted, incident.level(), now, text));
  }

  Repair phase(Repair repair, RepairPhase phase, String message, @Nullable Plan plan) {
    var since = repair.phase() == phase ? repair.since() : now;
    return new Repair(
        phase, repair.rung(), repair.attempts(), repair.skipped(), since, message, plan);
  }

  Act spentOn(Plan plan, Instant at) {
    return new Act(target.name(), plan.subject().toString(), at);
  }

  /** Whoever does it said no, or could not. */
  Step refused(Incident incident, Repair repair, String why) {
    return blocked(incident, repair, REFUSED + ": " + why);
  }

  static boolean wasRefused(Repair repair) {
    return repair.phase() == Blocked && gate(repair.message()).equals(REFUSED);
  }

  private static String gate(String message) {
    var colon = message.indexOf(':');
    return colon < 0 ? message : message.substring(0, colon);
  }
}
