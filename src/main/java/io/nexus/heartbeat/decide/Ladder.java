package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.Blocked;
import static io.nexus.heartbeat.api.RepairPhase.Executing;
import static io.nexus.heartbeat.api.RepairPhase.Exhausted;
import static io.nexus.heartbeat.api.RepairPhase.Planned;
import static io.nexus.heartbeat.api.RepairPhase.Recovered;
import static io.nexus.heartbeat.api.RepairPhase.Verifying;
import static io.nexus.heartbeat.api.RepairPhase.Waiting;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Act;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Repair;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The repair of one incident, a step further.
 *
 * <p>The ladder is climbed rung by rung; when the last rung did not help it is climbed again, until
 * {@code maxAttempts} acts were made. Each step leads at most to one act.
 */
final class Ladder {
  private final Situation situation;
  private final Target target;
  private final Gates gates;
  private final Instant now;

  /** What the step changes: the incident, and the act if one was planned or given back. */
  record Step(Incident incident, Optional<Act> planned, Optional<Act> givenBack) {
    Step(Incident incident) {
      this(incident, Optional.empty(), Optional.empty());
    }
  }

  Ladder(Situation situation, Target target, Gates gates) {
    this.situation = situation;
    this.target = target;
    this.gates = gates;
    this.now = situation.now();
  }

  Step climb(Incident incident) {
    if (target.repair().isEmpty()) {
      return new Step(Story.with(incident, (Repair) null));
    }
    var repair =
        incident.repair() == null ? new Repair(Waiting, 0, 0, now, "", null) : incident.repair();
    if (repair.rung() >= target.repair().size()) {
      return exhausted(incident, repair);
    }
    return switch (repair.phase()) {
      case Waiting, Blocked -> attempt(incident, repair);
      case Planned -> planned(incident, repair);
      case Executing -> executing(incident, repair);
      case Verifying -> verifying(incident, repair);
      case Recovered, Exhausted -> new Step(incident);
    };
  }

  // --- before an act
  // ------------------------------------------------------------------------------

  private Step attempt(Incident incident, Repair repair) {
    var rung = target.repair().get(repair.rung());
    var level = situation.assessment(target).levelOrUnknown();
    if (level == Level.Unknown) {
      return waiting(incident, repair, "cannot tell how " + target.name() + " is");
    }
    if (!level.isAtLeast(rung.minimumLevel())) {
      return waiting(incident, repair, "for " + rung.minimumLevel());
    }
    var due = incident.openedAt().plus(rung.after());
    if (now.isBefore(due)) {
      return waiting(incident, repair, "until " + Words.of(due));
    }
    return rung.restart() == null
        ? tell(incident, repair)
        : restart(incident, repair, rung, rung.restart());
  }

  private Step tell(Incident incident, Repair repair) {
    var justOpened = incident.openedAt().equals(now);
    var told =
        justOpened
            ? incident
            : Story.with(
                incident,
                Kind.Notify,
                incident.level(),
                now,
                "a person should look: " + incident.cause());
    return climbOn(told, repair);
  }

  private Step restart(Incident incident, Repair repair, Rung rung, WorkloadRef workload) {
    if (repair.attempts() >= situation.spec().recovery().maxAttempts()) {
      return exhausted(incident, repair);
    }
    var closed = gates.closedFor(target, workload);
    if (closed.isPresent()) {
      return blocked(incident, repair, closed.get().text());
    }
    if (!(situation.workloads().get(workload) instanceof WorkloadFacts.Found found)) {
      return blocked(incident, repair, "not readable: " + workload);
    }
    var attempt = repair.attempts() + 1;
    var plan =
        new Plan(
            IncidentId.of(situation.uid(), target.name(), incident.id(), repair.rung(), attempt),
            found.sequence() + 1,
            workload,
            found.uid(),
            now,
            now.plus(rung.verify().within()));
    var text = "restart " + workload;
    var next = new Repair(Planned, repair.rung(), attempt, now, text, plan);
    return new Step(
        Story.with(Story.with(incident, next), Kind.Planned, incident.level(), now, text),
        Optional.of(new Act(target.name(), workload.toString(), now)),
        Optional.empty());
  }

  // --- an act, its effect, its proof
  // --------------------------------------------------------------

  private Step planned(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) {
      return new Step(Story.with(incident, phase(repair, Waiting, "", null)));
    }
    if (wasDone(plan)) {
      return new Step(
          Story.with(incident, phase(repair, Executing, "waiting for the rollout", plan)));
    }
    if (situation.acts().get(plan.id()) instanceof ActResult.Refused(var why)) {
      var step = blocked(incident, repair, "refused: " + why);
      return new Step(step.incident(), Optional.empty(), spentOn(plan));
    }
    if (situation.assessment(target).level() == Level.Healthy) {
      var step = waiting(incident, repair, target.name() + " recovered by itself");
      return new Step(step.incident(), Optional.empty(), spentOn(plan));
    }
    return now.isBefore(plan.deadline())
        ? new Step(incident)
        : didNotHelp(incident, repair, "could not be done in time");
  }

  private Step executing(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) {
      return new Step(Story.with(incident, phase(repair, Waiting, "", null)));
    }
    return switch (situation.workloads().get(plan.workload())) {
      case WorkloadFacts.Found found when found.rolloutComplete() ->
          new Step(Story.with(incident, phase(repair, Verifying, "rolled out", plan)));
      case WorkloadFacts.Missing _ -> didNotHelp(incident, repair, plan.workload() + " is gone");
      case null, default ->
          now.isBefore(plan.deadline())
              ? new Step(incident)
              : didNotHelp(incident, repair, "its rollout did not complete in time");
    };
  }

  private Step verifying(Incident incident, Repair repair) {
    var plan = repair.plan();
    var verify = target.repair().get(repair.rung()).verify();
    var assessment = situation.assessment(target);
    var successes = assessment.successesSince(repair.since());
    if (successes >= verify.successes() && assessment.level() == Level.Healthy) {
      var took = plan == null ? "" : ", in " + Words.of(Duration.between(plan.plannedAt(), now));
      var text =
          "restarted %s, and %s is well again: %d checks in a row%s"
              .formatted(plan == null ? "it" : plan.workload(), target.name(), successes, took);
      var next = new Repair(Recovered, repair.rung(), repair.attempts(), now, text, null);
      return new Step(
          Story.with(Story.with(incident, next), Kind.RepairHelped, Level.Healthy, now, text));
    }
    if (plan != null && now.isBefore(plan.deadline())) {
      var text = successes + " of " + verify.successes() + " checks";
      return new Step(
          Story.with(
              incident,
              new Repair(Verifying, repair.rung(), repair.attempts(), repair.since(), text, plan)));
    }
    return didNotHelp(incident, repair, incident.cause());
  }

  private boolean wasDone(Plan plan) {
    return situation.acts().get(plan.id()) instanceof ActResult.Done
        || (situation.workloads().get(plan.workload()) instanceof WorkloadFacts.Found found
            && plan.id().equals(found.lastAction()));
  }

  private Step didNotHelp(Incident incident, Repair repair, String why) {
    var plan = repair.plan();
    var text = (plan == null ? "repair" : "restart " + plan.workload()) + " did not help: " + why;
    return climbOn(Story.with(incident, Kind.RepairFailed, incident.level(), now, text), repair);
  }

  private Step climbOn(Incident incident, Repair repair) {
    if (repair.rung() + 1 < target.repair().size()) {
      return waitingAt(incident, repair, repair.rung() + 1);
    }
    var maxAttempts = situation.spec().recovery().maxAttempts();
    for (var rung = 0; rung < target.repair().size(); rung++) {
      if (target.repair().get(rung).restart() != null && repair.attempts() < maxAttempts) {
        return waitingAt(incident, repair, rung);
      }
    }
    return exhausted(incident, repair);
  }

  // --- phases
  // -------------------------------------------------------------------------------------

  private Step waitingAt(Incident incident, Repair repair, int rung) {
    return waiting(
        incident, new Repair(Waiting, rung, repair.attempts(), now, "", null), "for its turn");
  }

  private Step waiting(Incident incident, Repair repair, String why) {
    return new Step(Story.with(incident, phase(repair, Waiting, why, null)));
  }

  /** The closed gate is told once, not at every look. */
  private Step blocked(Incident incident, Repair repair, String why) {
    var known = repair.phase() == Blocked && gate(repair.message()).equals(gate(why));
    var next = Story.with(incident, phase(repair, Blocked, why, null));
    return new Step(
        known
            ? next
            : Story.with(next, Kind.Blocked, incident.level(), now, "not repaired, " + why));
  }

  private Step exhausted(Incident incident, Repair repair) {
    if (repair.attempts() == 0) {
      var text = "nothing to repair with; people were told";
      return new Step(Story.with(incident, phase(repair, Exhausted, text, null)));
    }
    var text =
        "repair is exhausted after %d attempts; a person has to look".formatted(repair.attempts());
    return new Step(
        Story.with(
            Story.with(incident, phase(repair, Exhausted, text, null)),
            Kind.Exhausted,
            incident.level(),
            now,
            text));
  }

  private Repair phase(Repair repair, RepairPhase phase, String message, @Nullable Plan plan) {
    var since = repair.phase() == phase ? repair.since() : now;
    return new Repair(phase, repair.rung(), repair.attempts(), since, Story.cut(message), plan);
  }

  private Optional<Act> spentOn(Plan plan) {
    return Optional.of(new Act(target.name(), plan.workload().toString(), plan.plannedAt()));
  }

  private static String gate(String message) {
    var colon = message.indexOf(':');
    return colon < 0 ? message : message.substring(0, colon);
  }
}
