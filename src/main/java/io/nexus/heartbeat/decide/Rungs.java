package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.decide.Facts.Found;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rungs of a target's ladder as they are declared now, and what is known of them. */
record Rungs(Situation situation, Target target) {

  int size() {
    return target.repair().size();
  }

  /** The rung that a repair is at; empty: the ladder was shortened. */
  Optional<Rung> rung(Repair repair) {
    return repair.rung() < size()
        ? Optional.of(target.repair().get(repair.rung()))
        : Optional.empty();
  }

  /** Empty: it only tells, or is not there any more. */
  Optional<Action> action(Repair repair) {
    return rung(repair).flatMap(rung -> rung.action(target));
  }

  /** The rung is still what was planned. */
  boolean isDeclared(Repair repair, Plan plan) {
    return action(repair)
        .filter(it -> it.words().equals(plan.action()) && it.subject().equals(plan.subject()))
        .isPresent();
  }

  /** The first that touches the world. */
  Optional<Integer> firstActing() {
    for (var rung = 0; rung < size(); rung++) {
      if (target.repair().get(rung).action(target).isPresent()) {
        return Optional.of(rung);
      }
    }
    return Optional.empty();
  }

  long acting() {
    return target.repair().stream().filter(rung -> rung.action(target).isPresent()).count();
  }

  /** A later rung is for this level alone, and the present one is for less already. */
  boolean isAnotherFor(Level level, Repair repair) {
    return rung(repair).filter(it -> level.isWorseThan(it.minimumLevel())).isPresent()
        && target.repair().stream()
            .skip(repair.rung() + 1L)
            .anyMatch(it -> it.minimumLevel() == level);
  }

  /** What has to be known of the world for it. */
  Look look(Action action, @Nullable Plan plan) {
    var failing = situation.assessment(target).failingFor(target.failureThreshold());
    return new Look(
        action, plan, failing.stream().map(it -> new PodRef(it.name(), it.uid())).toList());
  }

  @Nullable Facts facts(Repair repair) {
    return action(repair)
        .map(action -> situation.facts().get(look(action, repair.plan())))
        .orElse(null);
  }

  /** Its subject carries the plan's mark, or whoever did it says so. */
  boolean wasDone(Repair repair, Plan plan) {
    return situation.acts().get(plan.id()) instanceof ActResult.Done
        || (facts(repair) instanceof Found found && plan.id().equals(found.lastAction()));
  }

  /** Why the target is not, or not known to be, as bad as the rung is for; empty: it is. */
  Optional<String> tooEarly(Rung rung) {
    var assessment = situation.assessment(target);
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
}
