package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.Executing;
import static io.nexus.heartbeat.api.RepairPhase.Recovered;
import static io.nexus.heartbeat.api.RepairPhase.Verifying;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Found;
import io.nexus.heartbeat.decide.Phases.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** After an act was planned: whether it was done, how far its effect has come, its proof. */
record FollowUp(Rungs rungs, Gates gates) {

  Step planned(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) { // somebody else wrote this status
      return phases().waiting(incident, repair, "for its turn");
    }
    if (rungs.wasDone(repair, plan)) {
      // From when it was seen done, which is no earlier than it was: cooldown and budget count on.
      return new Step(
          incident.withRepair(repair.in(Executing, now(), plan.action() + " is under way", plan)),
          Optional.of(phases().spentOn(plan, now())),
          Optional.of(phases().spentOn(plan, plan.plannedAt())));
    }
    if (isOvertaken(repair, plan)) {
      return didNotHelp(
          incident,
          repair,
          plan,
          "whether it was done cannot be told: a later act was done on " + plan.subject());
    }
    var result = situation().acts().get(plan.id());
    if (result instanceof ActResult.Refused(var why)) {
      return calledOff(repair, plan, it -> phases().refused(incident, it, plan, why));
    }
    if (result instanceof ActResult.NotYet(var why)) {
      return new Step(incident.withRepair(tried(repair, why)));
    }
    if (!assessment().looked()) {
      return new Step(incident);
    }
    if (!rungs.isDeclared(repair, plan)) {
      return calledOff(
          repair, plan, it -> phases().waiting(incident, it, "for its turn: the ladder changed"));
    }
    if (!isKnownNotDone(repair)) {
      return isInTime(plan)
          ? new Step(incident)
          : didNotHelp(incident, repair, plan, "whether it was done cannot be seen");
    }
    var wait = rungs.rung(repair).flatMap(rungs::tooEarly);
    if (wait.isPresent()) {
      // What was seen before it was planned is no evidence against it, nor is patience: another
      // process may have seen more, and planned it.
      var evident = assessment().isNewerThan(plan.plannedAt()) && !assessment().isWorsening();
      return evident || !isInTime(plan)
          ? calledOff(repair, plan, it -> phases().waiting(incident, it, wait.get()))
          : new Step(incident);
    }
    var closed =
        rungs
            .action(repair)
            .flatMap(it -> gates.closedForPlanned(rungs.target(), rungs.look(it, plan)));
    if (closed.isPresent()) {
      return calledOff(repair, plan, it -> phases().blocked(incident, it, closed.get()));
    }
    return isInTime(plan) ? new Step(incident) : late(incident, repair, plan);
  }

  private Step late(Incident incident, Repair repair, Plan plan) {
    var why =
        "not done within "
            + Words.of(Planning.TO_ACT)
            + (repair.lastTry() == null ? "" : ": " + repair.lastTry());
    return mayBeDone(repair)
        ? didNotHelp(incident, repair, plan, why)
        : calledOff(repair, plan, it -> phases().refused(incident, it, plan, why));
  }

  /** Neither budget nor attempt is spent, where it is certain that nothing was done. */
  private Step calledOff(Repair repair, Plan plan, Function<Repair, Step> then) {
    return mayBeDone(repair)
        ? then.apply(repair)
        : phases().calledOff(plan, then.apply(repair.undone()));
  }

  private boolean mayBeDone(Repair repair) {
    return repair.lastTry() != null
        && rungs.action(repair).filter(Action::leavesNoTrace).isPresent();
  }

  private static Repair tried(Repair repair, String why) {
    return repair
        .in(repair.phase(), repair.since(), "tried, and tried again: " + why, repair.plan())
        .tried(why);
  }

  Step executing(Incident incident, Repair repair) {
    var plan = repair.plan();
    if (plan == null) { // somebody else wrote this status
      return phases().waiting(incident, repair, "for its turn");
    }
    if (!rungs.isDeclared(repair, plan)) {
      return new Step(incident.withRepair(repair.in(Verifying, now(), "the ladder changed", plan)));
    }
    var result = situation().acts().get(plan.id());
    if (result instanceof ActResult.Refused(var why)) {
      return ended(
          incident, repair, plan, why + (repair.lastTry() == null ? "" : "; " + repair.lastTry()));
    }
    var known = result instanceof ActResult.NotYet(var why) ? tried(repair, why) : repair;
    var within = rungs.action(repair).map(Action::effectWithin).orElse(Action.ROLLOUT);
    return switch (rungs.facts(repair)) {
      case Found(_, _, _, _, Effect.Complete(var how), _, _, _) ->
          new Step(incident.withRepair(repair.in(Verifying, now(), how, plan)));
      case Found(_, _, _, _, Effect.Failed(var why), _, _, _) ->
          didNotHelp(incident, repair, plan, why);
      case Facts.Missing _ -> didNotHelp(incident, repair, plan, plan.subject() + " is gone");
      case null, default ->
          now().isBefore(repair.since().plus(within))
              ? new Step(incident.withRepair(known.in(Executing, now(), how(known), plan)))
              : ended(
                  incident,
                  known,
                  plan,
                  "not complete within %s: %s".formatted(Words.of(within), how(known)));
    };
  }

  /** What an act waits for. */
  private String how(Repair repair) {
    return switch (rungs.facts(repair)) {
      case Found found
          when found.effect() instanceof Effect.Unfinished && repair.lastTry() != null ->
          "tried, and tried again: " + repair.lastTry();
      case Found found -> found.effect().words();
      case Facts.Unreadable(var why) -> why;
      case null, default -> repair.message();
    };
  }

  Step verifying(Incident incident, Repair repair) {
    if (!assessment().looked()) {
      return new Step(incident);
    }
    var plan = repair.plan();
    var verify = rungs.rung(repair).map(Rung::verify).orElse(Rung.Verify.DEFAULT);
    var successes = assessment().successesSince(repair.since());
    if (successes >= verify.successes() && assessment().level() == Level.Healthy) {
      var took = plan == null ? "" : ", in " + Words.of(Duration.between(plan.plannedAt(), now()));
      var text =
          "%s, and %s is well again: %d checks in a row%s"
              .formatted(past(repair), rungs.target().name(), successes, took);
      return new Step(
          incident
              .withRepair(repair.in(Recovered, now(), text, null))
              .with(Kind.RepairHelped, Level.Healthy, now(), text));
    }
    // Only a look says that it did not help, never time alone; and while looks are good, the rest
    // of the row is waited for, however long the interval.
    var over =
        !now().isBefore(repair.since().plus(verify.within())) || isForTheNext(incident, repair);
    if (over && assessment().isSuspect() && assessment().isNewerThan(repair.since())) {
      return didNotHelp(incident, repair, plan, incident.cause());
    }
    var text = successes + " of " + verify.successes() + " checks";
    return new Step(incident.withRepair(repair.in(Verifying, now(), text, plan)));
  }

  /** It has become worse since, as bad as only a later rung is for. */
  private boolean isForTheNext(Incident incident, Repair repair) {
    return rungs.isAnotherFor(incident.level(), repair)
        && incident.story().reversed().stream()
            .takeWhile(it -> it.kind() != Kind.Planned)
            .anyMatch(it -> it.kind() == Kind.Worsened && it.level() == incident.level());
  }

  private String past(Repair repair) {
    return rungs.action(repair).map(Action::past).orElse("repaired");
  }

  private boolean isKnownNotDone(Repair repair) {
    return switch (rungs.facts(repair)) {
      case Found _, Facts.Missing _ -> true;
      case null, default -> false;
    };
  }

  /**
   * Its subject carries a later act's mark, which is all that was left of this one's, if it was
   * done. The same number says that it was called off, or that another plan came first.
   */
  private boolean isOvertaken(Repair repair, Plan plan) {
    return rungs.facts(repair) instanceof Found found
        && found.uid().equals(plan.uid())
        && found.lastAction() != null
        && found.sequence() > plan.sequence();
  }

  private boolean isInTime(Plan plan) {
    return now().isBefore(plan.deadline());
  }

  private Step ended(Incident incident, Repair repair, Plan plan, String why) {
    return rungs.facts(repair) instanceof Found found && isUntouched(found)
        ? failed(incident, repair, plan.action() + " was not done: " + why)
        : didNotHelp(incident, repair, plan, why);
  }

  /** Whoever was to do it came no further than to say that it is their turn. */
  static boolean isUntouched(Found found) {
    return found.effect() instanceof Effect.Unfinished(_, var touched) && !touched;
  }

  private Step didNotHelp(Incident incident, Repair repair, @Nullable Plan plan, String why) {
    return failed(
        incident, repair, (plan == null ? "repair" : plan.action()) + " did not help: " + why);
  }

  private Step failed(Incident incident, Repair repair, String text) {
    return phases()
        .climbOn(incident.with(Kind.RepairFailed, incident.level(), now(), text), repair);
  }

  private Assessment assessment() {
    return situation().assessment(rungs.target());
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
