package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.AwaitingApproval;
import static io.nexus.heartbeat.api.RepairPhase.Blocked;
import static io.nexus.heartbeat.api.RepairPhase.Executing;
import static io.nexus.heartbeat.api.RepairPhase.Exhausted;
import static io.nexus.heartbeat.api.RepairPhase.Planned;
import static io.nexus.heartbeat.api.RepairPhase.Recovered;
import static io.nexus.heartbeat.api.RepairPhase.Told;
import static io.nexus.heartbeat.api.RepairPhase.Verifying;
import static io.nexus.heartbeat.api.RepairPhase.Waiting;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.MonitorState.Repair;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Found;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Phases.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The repair of one incident, a step further.
 *
 * <p>The ladder is climbed rung by rung; when the last rung did not help it is climbed again, until
 * {@code maxAttempts} acts were done. Each step leads at most to one act.
 */
final class Ladder {
  /** What was planned and is not done by then is called off. */
  static final Duration TO_ACT = Duration.ofMinutes(2);

  /** What was refused is not asked for again before. */
  static final Duration AFTER_A_REFUSAL = Duration.ofMinutes(1);

  /** What was tried and is tried again; the reason follows. */
  private static final String TRIED = "tried, and tried again: ";

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

  /** What has to be known of the world to go on. */
  static Optional<Look> look(Situation situation, Target target, @Nullable Repair repair) {
    if (repair == null) {
      return target.repair().stream()
          .findFirst()
          .flatMap(rung -> rung.action(target))
          .map(action -> look(situation, target, action, null));
    }
    return switch (repair.phase()) {
      case Recovered, Told, Exhausted -> Optional.empty();
      case Waiting, Blocked, AwaitingApproval, Planned, Executing, Verifying ->
          action(target, repair).map(action -> look(situation, target, action, repair.plan()));
    };
  }

  private static Look look(Situation situation, Target target, Action action, @Nullable Plan plan) {
    var failing = situation.assessment(target).failingFor(target.failureThreshold());
    return new Look(
        action, plan, failing.stream().map(it -> new PodRef(it.name(), it.uid())).toList());
  }

  private Look look(Action action, @Nullable Plan plan) {
    return look(situation, target, action, plan);
  }

  /** What is planned is to be done now, by what this process has seen itself; or to be finished. */
  static Optional<Due> due(Situation situation, Target target, Incident incident) {
    var repair = incident.repair();
    if (repair == null) {
      return Optional.empty();
    }
    var plan = repair.plan();
    var action = action(target, repair);
    if (plan == null || action.isEmpty()) {
      return Optional.empty();
    }
    var isDue =
        switch (repair.phase()) {
          case Planned ->
              rung(target, repair)
                  .filter(rung -> tooEarly(target, situation.assessment(target), rung).isEmpty())
                  .isPresent();
          case Executing -> isToBeFinished(situation, look(situation, target, action.get(), plan));
          case Waiting, Blocked, AwaitingApproval, Verifying, Recovered, Told, Exhausted -> false;
        };
    return isDue
        ? Optional.of(
            new Due(
                plan,
                action.get(),
                new Due.Occasion(target.name(), incident.level(), incident.cause()),
                look(situation, target, action.get(), plan).failing()))
        : Optional.empty();
  }

  /** What was begun is finished only while it may be: a person may have paused it meanwhile. */
  private static boolean isToBeFinished(Situation situation, Look look) {
    return situation.facts().get(look) instanceof Found found
        && found.effect() instanceof Effect.Unfinished
        && found.release() == null
        && new Gates(situation, List.of(), List.of()).closedForBegun(look).isEmpty();
  }

  Step climb(Incident incident) {
    var repair = incident.repair();
    if (target.repair().isEmpty() && !Incidents.isInFlight(incident)) {
      return new Step(incident.withRepair(null));
    }
    if (repair == null) {
      return attempt(incident, new Repair(Waiting, 0, 0, 0, now, "", null));
    }
    return switch (repair.phase()) {
      case Waiting, Blocked -> attempt(incident, repair);
      // Another process has looked, and a person may be about to answer.
      case AwaitingApproval -> assessment.looked() ? attempt(incident, repair) : new Step(incident);
      case Planned -> planned(incident, repair);
      case Executing -> executing(incident, repair);
      case Verifying -> verifying(incident, repair);
      case Told -> actingRung().isPresent() ? climbOn(incident, repair) : new Step(incident);
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
    // Whoever has come further has seen one, and counts from another moment.
    if (repair.attempts() > 0
        && repair.phase() == Waiting
        && !assessment.isNewerThan(repair.since())) {
      return phases.waiting(incident, repair, "for a check begun after the last attempt");
    }
    var due = incident.openedAt().plus(rung.after());
    if (now.isBefore(due)) {
      return phases.waiting(incident, repair, "until " + Words.of(due));
    }
    return rung.action(target).isEmpty()
        ? tell(incident, repair)
        : act(incident, repair, rung.action(target).get());
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

  private Step act(Incident incident, Repair repair, Action action) {
    if (repair.attempts() >= situation.spec().recovery().maxAttempts()) {
      return phases.exhausted(incident, repair);
    }
    if (Phases.wasRefused(repair) && now.isBefore(repair.since().plus(AFTER_A_REFUSAL))) {
      return new Step(incident);
    }
    var look = look(action, null);
    if (situation.facts().get(look) instanceof Found found
        && found.obstacle() != null
        && found.obstacle().lasting()) {
      return skip(incident, repair, action, found.obstacle());
    }
    var closed = gates.closedFor(target, look);
    if (closed.isPresent()) {
      return phases.blocked(incident, repair, closed.get().text());
    }
    if (!(situation.facts().get(look) instanceof Found found)) {
      return phases.blocked(incident, repair, "not readable: " + action.subject());
    }
    var steps = new Steps(situation, target, now);
    if (steps.mustWait(incident, repair)) {
      return steps.awaiting(incident, repair, found.affects());
    }
    var by = Steps.approvedBy(incident);
    var attempt = repair.attempts() + 1;
    var plan =
        new Plan(
            IncidentId.ofAct(
                situation.uid(), incident, repair.rung(), attempt, found.sequence() + 1),
            found.sequence() + 1,
            action.words(),
            action.subject(),
            found.uid(),
            now,
            now.plus(TO_ACT),
            found.pods(),
            by);
    var next = new Repair(Planned, repair.rung(), attempt, 0, now, action.words(), plan);
    var words = action.words() + (by == null ? "" : ", approved by " + by);
    return new Step(
        Steps.used(incident).withRepair(next).with(Kind.Planned, incident.level(), now, words),
        Optional.of(phases.spentOn(plan, now)),
        Optional.empty());
  }

  /** It cannot help, and nothing is spent on it. */
  private Step skip(Incident incident, Repair repair, Action action, Obstacle obstacle) {
    var text = "passed by, %s: %s: %s".formatted(action.words(), obstacle.gate(), obstacle.why());
    var told = incident.with(Kind.Blocked, incident.level(), now, text);
    var skipped =
        new Repair(
            repair.phase(),
            repair.rung(),
            repair.attempts(),
            repair.skipped() + 1,
            repair.since(),
            repair.message(),
            null);
    return climbOn(told, skipped);
  }

  // An act, its effect, its proof.

  private Step planned(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) {
      return phases.waiting(incident, repair, "");
    }
    if (wasDone(repair, plan)) {
      // From when it was seen done, which is no earlier than it was: cooldown and budget count on.
      return new Step(
          incident.withRepair(
              phases.phase(repair, Executing, plan.action() + " is under way", plan)),
          Optional.of(phases.spentOn(plan, now)),
          Optional.of(phases.spentOn(plan, plan.plannedAt())));
    }
    if (situation.acts().get(plan.id()) instanceof ActResult.Refused(var why)) {
      return phases.calledOff(plan, phases.refused(incident, Phases.undone(repair), why));
    }
    if (situation.acts().get(plan.id()) instanceof ActResult.NotYet(var why)) {
      return new Step(incident.withRepair(phases.phase(repair, Planned, TRIED + why, plan)));
    }
    if (!assessment.looked()) {
      return new Step(incident);
    }
    if (!isDeclared(repair, plan)) {
      return phases.calledOff(
          plan,
          phases.waiting(incident, Phases.undone(repair), "for its turn: the ladder changed"));
    }
    if (!isKnownNotDone(repair)) {
      return now.isBefore(plan.deadline())
          ? new Step(incident)
          : didNotHelp(incident, repair, "whether it was done cannot be seen");
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
    var closed = action(target, repair).flatMap(a -> gates.closedForPlanned(target, look(a, plan)));
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
                "it could not be done within "
                    + Words.of(TO_ACT)
                    + (wasTried(repair) ? ", " + repair.message() : "")));
  }

  private Step executing(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) {
      return phases.waiting(incident, repair, "");
    }
    if (!isDeclared(repair, plan)) {
      return new Step(
          incident.withRepair(phases.phase(repair, Verifying, "the ladder changed", plan)));
    }
    if (situation.acts().get(plan.id()) instanceof ActResult.Refused(var why)) {
      return didNotHelp(incident, repair, why + (wasTried(repair) ? "; " + repair.message() : ""));
    }
    var within = action(target, repair).map(Action::effectWithin).orElse(Action.ROLLOUT);
    return switch (facts(repair)) {
      case Found(_, _, _, _, Effect.Complete(var how), _, _, _) ->
          new Step(incident.withRepair(phases.phase(repair, Verifying, how, plan)));
      case Found(_, _, _, _, Effect.Failed(var why), _, _, _) -> didNotHelp(incident, repair, why);
      case Facts.Missing _ -> didNotHelp(incident, repair, plan.subject() + " is gone");
      case null, default ->
          now.isBefore(repair.since().plus(within))
              ? new Step(incident.withRepair(phases.phase(repair, Executing, how(repair), plan)))
              : didNotHelp(
                  incident,
                  repair,
                  "not complete within %s: %s".formatted(Words.of(within), how(repair)));
    };
  }

  /** What an act waits for. */
  private String how(Repair repair) {
    var plan = repair.plan();
    if (plan != null && situation.acts().get(plan.id()) instanceof ActResult.NotYet(var why)) {
      return TRIED + why;
    }
    return switch (facts(repair)) {
      case Found found when found.effect() instanceof Effect.Unfinished && wasTried(repair) ->
          repair.message();
      case Found found -> found.effect().words();
      case Facts.Unreadable(var why) -> why;
      case null, default -> repair.message();
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
          "%s, and %s is well again: %d checks in a row%s"
              .formatted(past(repair), target.name(), successes, took);
      var next = new Repair(Recovered, repair.rung(), repair.attempts(), 0, now, text, null);
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

  static boolean wasTried(Repair repair) {
    return repair.message().startsWith(TRIED);
  }

  private String past(Repair repair) {
    return action(target, repair).map(Action::past).orElse("repaired");
  }

  private boolean wasDone(Repair repair, Plan plan) {
    return situation.acts().get(plan.id()) instanceof ActResult.Done
        || (facts(repair) instanceof Found found && plan.id().equals(found.lastAction()));
  }

  private boolean isKnownNotDone(Repair repair) {
    return switch (facts(repair)) {
      case Found _, Facts.Missing _ -> true;
      case null, default -> false;
    };
  }

  /** The rung is still what was planned. */
  private boolean isDeclared(Repair repair, Plan plan) {
    return action(target, repair)
        .filter(it -> it.words().equals(plan.action()) && it.subject().equals(plan.subject()))
        .isPresent();
  }

  private @Nullable Facts facts(Repair repair) {
    return action(target, repair)
        .map(action -> situation.facts().get(look(action, repair.plan())))
        .orElse(null);
  }

  private Step didNotHelp(Incident incident, Repair repair, String why) {
    var plan = repair.plan();
    var text = (plan == null ? "repair" : plan.action()) + " did not help: " + why;
    return climbOn(incident.with(Kind.RepairFailed, incident.level(), now, text), repair);
  }

  private Step climbOn(Incident incident, Repair repair) {
    if (repair.rung() + 1 < target.repair().size()) {
      return phases.waitingAt(incident, repair, repair.rung() + 1);
    }
    return actingRung().isPresent()
            && !isSkippedWhole(repair)
            && repair.attempts() < situation.spec().recovery().maxAttempts()
        ? phases.waitingAt(incident, repair, actingRung().get())
        : phases.exhausted(incident, repair, lastBlocked(incident));
  }

  /** Why nothing was tried, where that is the end of it. */
  private static String lastBlocked(Incident incident) {
    return incident.story().reversed().stream()
        .filter(it -> it.kind() == Kind.Blocked)
        .map(Happening::text)
        .findFirst()
        .orElse("nothing that may be tried can help");
  }

  /** Nothing in it can help: whoever climbs it again only tells the same again. */
  private boolean isSkippedWhole(Repair repair) {
    var acting = target.repair().stream().filter(rung -> rung.action(target).isPresent()).count();
    return repair.skipped() >= acting;
  }

  private Optional<Integer> actingRung() {
    for (var rung = 0; rung < target.repair().size(); rung++) {
      if (target.repair().get(rung).action(target).isPresent()) {
        return Optional.of(rung);
      }
    }
    return Optional.empty();
  }

  private static Optional<Action> action(Target target, Repair repair) {
    return rung(target, repair).flatMap(rung -> rung.action(target));
  }

  private static Optional<Rung> rung(Target target, Repair repair) {
    return repair.rung() < target.repair().size()
        ? Optional.of(target.repair().get(repair.rung()))
        : Optional.empty();
  }
}
