package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.Blocked;
import static io.nexus.heartbeat.api.RepairPhase.Executing;
import static io.nexus.heartbeat.api.RepairPhase.Exhausted;
import static io.nexus.heartbeat.api.RepairPhase.Planned;
import static io.nexus.heartbeat.api.RepairPhase.Recovered;
import static io.nexus.heartbeat.api.RepairPhase.Told;
import static io.nexus.heartbeat.api.RepairPhase.Verifying;
import static io.nexus.heartbeat.api.RepairPhase.Waiting;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Repair;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Phases.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The repair of one incident, a step further.
 *
 * <p>The ladder is climbed rung by rung; when the last rung did not help it is climbed again, until
 * {@code maxAttempts} acts were done. Each step leads at most to one act.
 */
final class Ladder {
  /** What was planned and is not done by then is called off. */
  static final Duration TO_ACT = Duration.ofMinutes(2);

  /** What Kubernetes itself gives a rollout by default (progressDeadlineSeconds, 600). */
  static final Duration TO_ROLL_OUT = Duration.ofMinutes(10);

  /** What was refused is not asked for again before. */
  static final Duration AFTER_A_REFUSAL = Duration.ofMinutes(1);

  private final Situation situation;
  private final Target target;
  private final Assessment assessment;
  private final Gates gates;
  private final Instant now;
  private final Phases phases;

  Ladder(Situation situation, Target target, Gates gates) {
    this.situation = situation;
    this.target = target;
    this.assessment = situation.assessment(target);
    this.gates = gates;
    this.now = situation.now();
    this.phases = new Phases(target, now);
  }

  /** What is planned is to be done now, by what this process has seen itself. */
  static boolean isDue(Situation situation, Target target, Repair repair) {
    return repair.phase() == Planned
        && rung(target, repair)
            .filter(rung -> tooEarly(target, situation.assessment(target), rung).isEmpty())
            .isPresent();
  }

  Step climb(Incident incident) {
    var repair = incident.repair();
    if (target.repair().isEmpty() && !Incidents.isInFlight(incident)) {
      return new Step(incident.withRepair(null));
    }
    if (repair == null) {
      return attempt(incident, new Repair(Waiting, 0, 0, now, "", null));
    }
    return switch (repair.phase()) {
      case Waiting, Blocked -> attempt(incident, repair);
      case Planned -> planned(incident, repair);
      case Executing -> executing(incident, repair);
      case Verifying -> verifying(incident, repair);
      case Told -> restartRung().isPresent() ? climbOn(incident, repair) : new Step(incident);
      case Recovered, Exhausted -> new Step(incident);
    };
  }

  // Before an act.

  private Step attempt(Incident incident, Repair repair) {
    if (repair.rung() >= target.repair().size()) {
      return climbOn(incident, repair); // it was shortened
    }
    var rung = target.repair().get(repair.rung());
    var wait = tooEarly(target, assessment, rung);
    if (wait.isPresent()) {
      return phases.waiting(incident, repair, wait.get());
    }
    if (repair.attempts() > 0 && !assessment.isNewerThan(repair.since())) {
      return phases.waiting(incident, repair, "for a check begun after the last attempt");
    }
    var due = incident.openedAt().plus(rung.after());
    if (now.isBefore(due)) {
      return phases.waiting(incident, repair, "until " + Words.of(due));
    }
    return rung.restart() == null
        ? tell(incident, repair)
        : restart(incident, repair, rung.restart());
  }

  /** Whether the target is not, or not known to be, as bad as the rung is for. */
  private static Optional<String> tooEarly(Target target, Assessment assessment, Rung rung) {
    if (!assessment.looked()) {
      return Optional.of("for a check of " + target.name());
    }
    return switch (assessment.levelOrUnknown()) {
      case Healthy -> Optional.of("no longer: " + target.name() + " recovered by itself");
      case Unknown -> Optional.of("until it is known how " + target.name() + " is");
      case Degraded, Critical ->
          assessment.levelOrUnknown().isAtLeast(rung.minimumLevel())
              ? Optional.empty()
              : Optional.of("for " + rung.minimumLevel());
    };
  }

  private Step tell(Incident incident, Repair repair) {
    var justOpened = incident.openedAt().equals(now);
    var told =
        justOpened
            ? incident
            : incident.with(
                Kind.Notify, incident.level(), now, "a person should look: " + incident.cause());
    return climbOn(told, repair);
  }

  private Step restart(Incident incident, Repair repair, WorkloadRef workload) {
    if (repair.attempts() >= situation.spec().recovery().maxAttempts()) {
      return phases.exhausted(incident, repair);
    }
    if (Phases.wasRefused(repair) && now.isBefore(repair.since().plus(AFTER_A_REFUSAL))) {
      return new Step(incident);
    }
    var closed = gates.closedFor(target, workload);
    if (closed.isPresent()) {
      return phases.blocked(incident, repair, closed.get().text());
    }
    if (!(situation.workloads().get(workload) instanceof WorkloadFacts.Found found)) {
      return phases.blocked(incident, repair, "not readable: " + workload);
    }
    var attempt = repair.attempts() + 1;
    var plan =
        new Plan(
            IncidentId.ofAct(situation.uid(), incident, repair.rung(), attempt),
            found.sequence() + 1,
            workload,
            found.uid(),
            now,
            now.plus(TO_ACT));
    var text = "restart " + workload;
    var next = new Repair(Planned, repair.rung(), attempt, now, text, plan);
    return new Step(
        incident.withRepair(next).with(Kind.Planned, incident.level(), now, text),
        Optional.of(phases.spentOn(plan, now)),
        Optional.empty());
  }

  // An act, its effect, its proof.

  private Step planned(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) {
      return phases.waiting(incident, repair, "");
    }
    if (wasDone(plan)) {
      // From when it was seen done, which is no earlier than it was: cooldown and budget count on.
      return new Step(
          incident.withRepair(phases.phase(repair, Executing, "waiting for the rollout", plan)),
          Optional.of(phases.spentOn(plan, now)),
          Optional.of(phases.spentOn(plan, plan.plannedAt())));
    }
    if (situation.acts().get(plan.id()) instanceof ActResult.Refused(var why)) {
      return phases.calledOff(plan, phases.refused(incident, Phases.undone(repair), why));
    }
    if (!assessment.looked()) {
      return new Step(incident);
    }
    if (!isKnownNotDone(plan)) {
      return now.isBefore(plan.deadline())
          ? new Step(incident)
          : didNotHelp(incident, repair, "whether it was done cannot be seen");
    }
    if (!rung(target, repair).map(Rung::restart).filter(plan.workload()::equals).isPresent()) {
      return phases.calledOff(
          plan,
          phases.waiting(incident, Phases.undone(repair), "for its turn: the ladder changed"));
    }
    var wait = rung(target, repair).flatMap(rung -> tooEarly(target, assessment, rung));
    if (wait.isPresent()) {
      // What was seen before it was planned is no evidence against it, nor is patience: another
      // process may have seen more, and planned it.
      var evident = assessment.isNewerThan(plan.plannedAt()) && !assessment.isWorsening();
      return evident || !now.isBefore(plan.deadline())
          ? phases.calledOff(plan, phases.waiting(incident, Phases.undone(repair), wait.get()))
          : new Step(incident);
    }
    var closed = gates.closedForPlanned(target, plan.workload());
    if (closed.isPresent()) {
      return phases.calledOff(
          plan, phases.blocked(incident, Phases.undone(repair), closed.get().text()));
    }
    return now.isBefore(plan.deadline())
        ? new Step(incident)
        : phases.calledOff(
            plan,
            phases.refused(
                incident,
                Phases.undone(repair),
                "it could not be done within " + Words.of(TO_ACT)));
  }

  private Step executing(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) {
      return phases.waiting(incident, repair, "");
    }
    return switch (situation.workloads().get(plan.workload())) {
      case WorkloadFacts.Found found when found.rolloutComplete() ->
          new Step(incident.withRepair(phases.phase(repair, Verifying, "rolled out", plan)));
      case WorkloadFacts.Missing _ -> didNotHelp(incident, repair, plan.workload() + " is gone");
      case null, default ->
          now.isBefore(repair.since().plus(TO_ROLL_OUT))
              ? new Step(incident)
              : didNotHelp(
                  incident, repair, "its rollout did not complete within " + Words.of(TO_ROLL_OUT));
    };
  }

  private Step verifying(Incident incident, Repair repair) {
    if (!assessment.looked()) {
      return new Step(incident);
    }
    var plan = repair.plan();
    var verify = rung(target, repair).map(Rung::verify).orElse(Rung.Verify.DEFAULT);
    var successes = assessment.successesSince(repair.since());
    if (successes >= verify.successes() && assessment.level() == Level.Healthy) {
      var took = plan == null ? "" : ", in " + Words.of(Duration.between(plan.plannedAt(), now));
      var text =
          "restarted %s, and %s is well again: %d checks in a row%s"
              .formatted(plan == null ? "it" : plan.workload(), target.name(), successes, took);
      var next = new Repair(Recovered, repair.rung(), repair.attempts(), now, text, null);
      return new Step(incident.withRepair(next).with(Kind.RepairHelped, Level.Healthy, now, text));
    }
    // Only a look says that it did not help, never time alone; and while looks are good, the rest
    // of the row is waited for, however long the interval.
    var over = !now.isBefore(repair.since().plus(verify.within()));
    if (over && assessment.isSuspect() && assessment.isNewerThan(repair.since())) {
      return didNotHelp(incident, repair, incident.cause());
    }
    var text = successes + " of " + verify.successes() + " checks";
    return new Step(incident.withRepair(phases.phase(repair, Verifying, text, plan)));
  }

  private boolean wasDone(Plan plan) {
    return situation.acts().get(plan.id()) instanceof ActResult.Done
        || (situation.workloads().get(plan.workload()) instanceof WorkloadFacts.Found found
            && plan.id().equals(found.lastAction()));
  }

  private boolean isKnownNotDone(Plan plan) {
    return switch (situation.workloads().get(plan.workload())) {
      case WorkloadFacts.Found _, WorkloadFacts.Missing _ -> true;
      case null, default -> false;
    };
  }

  private Step didNotHelp(Incident incident, Repair repair, String why) {
    var plan = repair.plan();
    var text = (plan == null ? "repair" : "restart " + plan.workload()) + " did not help: " + why;
    return climbOn(incident.with(Kind.RepairFailed, incident.level(), now, text), repair);
  }

  private Step climbOn(Incident incident, Repair repair) {
    if (repair.rung() + 1 < target.repair().size()) {
      return phases.waitingAt(incident, repair, repair.rung() + 1);
    }
    return restartRung().isPresent()
            && repair.attempts() < situation.spec().recovery().maxAttempts()
        ? phases.waitingAt(incident, repair, restartRung().get())
        : phases.exhausted(incident, repair);
  }

  private Optional<Integer> restartRung() {
    for (var rung = 0; rung < target.repair().size(); rung++) {
      if (target.repair().get(rung).restart() != null) {
        return Optional.of(rung);
      }
    }
    return Optional.empty();
  }

  private static Optional<Rung> rung(Target target, Repair repair) {
    return repair.rung() < target.repair().size()
        ? Optional.of(target.repair().get(repair.rung()))
        : Optional.empty();
  }
}
