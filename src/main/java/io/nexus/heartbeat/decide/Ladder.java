package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Found;
import io.nexus.heartbeat.decide.Phases.Step;
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
  private final Rungs rungs;
  private final Assessment assessment;
  private final Phases phases;
  private final Planning planning;
  private final FollowUp followUp;
  private final Instant now;

  Ladder(Situation situation, Target target, Gates gates) {
    this.rungs = new Rungs(situation, target);
    this.assessment = situation.assessment(target);
    this.phases = new Phases(rungs);
    this.planning = new Planning(rungs, gates);
    this.followUp = new FollowUp(rungs, gates);
    this.now = situation.now();
  }

  Step climb(Incident incident) {
    var repair = incident.repair();
    if (rungs.size() == 0 && !Incidents.isInFlight(incident)) {
      return new Step(incident.withRepair(null));
    }
    if (repair == null) {
      return planning.next(incident, Repair.first(now));
    }
    return switch (repair.phase()) {
      case Waiting, Blocked -> planning.next(incident, repair);
      // Another process has looked, and a person may be about to answer.
      case AwaitingApproval ->
          assessment.looked() ? planning.next(incident, repair) : new Step(incident);
      case Planned -> followUp.planned(incident, repair);
      case Executing -> followUp.executing(incident, repair);
      case Verifying -> followUp.verifying(incident, repair);
      case Told ->
          rungs.firstActing().isPresent() ? phases.climbOn(incident, repair) : new Step(incident);
      case Recovered, Exhausted -> new Step(incident);
    };
  }

  /** What has to be known of the world to go on. */
  static Optional<Look> look(Situation situation, Target target, @Nullable Repair repair) {
    var rungs = new Rungs(situation, target);
    var at = repair == null ? Repair.first(situation.now()) : repair;
    return switch (at.phase()) {
      case Recovered, Told, Exhausted -> Optional.empty();
      case Waiting, Blocked, AwaitingApproval, Planned, Executing, Verifying ->
          rungs.action(at).map(action -> rungs.look(action, at.plan()));
    };
  }

  /** What is planned is to be done now, by what this process has seen itself; or to be finished. */
  static Optional<Due> due(Situation situation, Target target, Incident incident) {
    var repair = incident.repair();
    if (repair == null || repair.plan() == null) {
      return Optional.empty();
    }
    var plan = repair.plan();
    var rungs = new Rungs(situation, target);
    return rungs
        .action(repair)
        .map(action -> rungs.look(action, plan))
        .filter(
            look ->
                switch (repair.phase()) {
                  case Planned -> rungs.rung(repair).flatMap(rungs::tooEarly).isEmpty();
                  case Executing -> isToBeFinished(situation, look);
                  case Waiting, Blocked, AwaitingApproval, Verifying, Recovered, Told, Exhausted ->
                      false;
                })
        .map(
            look ->
                new Due(
                    plan,
                    look.action(),
                    new Due.Occasion(target.name(), incident.level(), incident.cause()),
                    look.failing()));
  }

  /** What was begun is finished only while it may be: a person may have paused it meanwhile. */
  private static boolean isToBeFinished(Situation situation, Look look) {
    return situation.facts().get(look) instanceof Found found
        && found.effect() instanceof Effect.Unfinished
        && found.release() == null
        && new Gates(situation, List.of(), List.of()).closedForBegun(look).isEmpty();
  }
}
