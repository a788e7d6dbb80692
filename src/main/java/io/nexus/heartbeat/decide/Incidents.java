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
    if (!assessment.looked()) {
      return Optional.empty();
    }
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
            cause,
            situation.now(),
            null,
            null,
            List.of(),
            List.of(),
            null);
    return incident.with(Kind.Opened, level, situation.now(), cause);
  }

  /**
   * The incident with the level and cause of now. Neither what cannot be told changes them, nor a
   * good reading that patience does not yet believe.
   */
  Incident updated(Incident incident, Target target) {
    var assessment = situation.assessment(target);
    var level = assessment.levelOrUnknown();
    if (level == Level.Healthy
        || level == Level.Unknown
        || !assessment.looked()
        || !assessment.isSuspect()) {
      return incident;
    }
    var updated = incident.at(level, assessment.message());
    if (level == incident.level()) {
      return updated;
    }
    var kind = level.isWorseThan(incident.level()) ? Kind.Worsened : Kind.Improved;
    return updated.with(kind, level, situation.now(), assessment.message());
  }

  /** Over: the target is healthy, and no repair is under way that has yet to be proven. */
  boolean isOver(Incident incident, Target target) {
    var assessment = situation.assessment(target);
    return !isInFlight(incident) && assessment.looked() && assessment.level() == Level.Healthy;
  }

  /** Something was or may have been done, and its proof is still out. */
  static boolean isInFlight(Incident incident) {
    return incident.repair() != null && IN_FLIGHT.contains(incident.repair().phase());
  }

  Incident resolved(Incident incident, String text) {
    return incident
        .with(Kind.Resolved, Level.Healthy, situation.now(), text)
        .resolved(situation.now());
  }
}
