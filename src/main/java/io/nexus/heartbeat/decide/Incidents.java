package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.Executing;
import static io.nexus.heartbeat.api.RepairPhase.Planned;
import static io.nexus.heartbeat.api.RepairPhase.Verifying;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** When an incident opens, changes and is over. */
final class Incidents {
  private static final Set<RepairPhase> IN_FLIGHT = Set.of(Planned, Executing, Verifying);

  private final Situation situation;

  Incidents(Situation situation) {
    this.situation = situation;
  }

  static Optional<Incident> open(List<Incident> incidents, Target target) {
    return incidents.stream()
        .filter(i -> i.resolvedAt() == null && i.target().equals(target.name()))
        .findFirst();
  }

  /** A new incident, when the target is bad, counts and is not held. */
  Optional<Incident> opening(Target target) {
    if (!situation.counts(target) || Dependencies.holding(target, situation).isPresent()) {
      return Optional.empty();
    }
    var assessment = situation.assessment(target);
    return switch (assessment.levelOrUnknown()) {
      case Healthy -> Optional.empty();
      case Degraded, Critical ->
          Optional.of(opened(target, assessment.levelOrUnknown(), assessment.message()));
      case Unknown ->
          isBlind(assessment)
              ? Optional.of(opened(target, Level.Unknown, "cannot tell: " + assessment.message()))
              : Optional.empty();
    };
  }

  private boolean isBlind(Assessment assessment) {
    return assessment.since() != null
        && !Duration.between(assessment.since(), situation.now())
            .minus(situation.spec().unknownAfter())
            .isNegative();
  }

  private Incident opened(Target target, Level level, String cause) {
    var id = IncidentId.of(situation.uid(), target.name(), situation.now(), situation.nonce());
    var incident =
        new Incident(
            id,
            target.name(),
            level,
            Story.cut(cause),
            situation.now(),
            null,
            null,
            List.of(),
            List.of());
    return Story.with(incident, Kind.Opened, level, situation.now(), cause);
  }

  /** The incident with the level and cause of now. Could-not-tell changes neither. */
  Incident updated(Incident incident, Target target) {
    var assessment = situation.assessment(target);
    var level = assessment.levelOrUnknown();
    if (level == Level.Healthy || level == Level.Unknown) {
      return incident;
    }
    if (level == incident.level()) {
      return Story.with(incident, level, assessment.message());
    }
    var kind = level.isWorseThan(incident.level()) ? Kind.Worsened : Kind.Improved;
    return Story.with(
        Story.with(incident, level, assessment.message()),
        kind,
        level,
        situation.now(),
        assessment.message());
  }

  /** Over: the target is healthy, and no repair is under way that has yet to be proven. */
  boolean isOver(Incident incident, Target target) {
    return !isInFlight(incident) && situation.assessment(target).level() == Level.Healthy;
  }

  /** Something was or may have been done, and its proof is still out. */
  static boolean isInFlight(Incident incident) {
    return incident.repair() != null && IN_FLIGHT.contains(incident.repair().phase());
  }

  Incident resolved(Incident incident, String text) {
    return Story.resolved(
        Story.with(incident, Kind.Resolved, Level.Healthy, situation.now(), text), situation.now());
  }
}
