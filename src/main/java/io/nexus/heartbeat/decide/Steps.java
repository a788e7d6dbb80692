package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Repair;
import io.nexus.heartbeat.api.Target;
import java.util.Optional;

/** Steps of repair that wait for a person, each under an id that belongs to no other. */
final class Steps {
  private static final int DIGITS = 4;

  private Steps() {}

  /** A step that waits, and what would be done. */
  record Waiting(String id, Incident incident, String action) {}

  static Optional<Waiting> waiting(Situation situation, Incident incident) {
    return Optional.empty();
  }

  /**
   * Of the incident, the attempt and the very rung: whoever approves what they saw approves nothing
   * else, though the ladder was edited meanwhile.
   */
  static String id(Incident incident, Repair repair, Target target) {
    var step =
        IncidentId.of(
            incident.id(),
            incident.attentionOrNone().resets(),
            repair.rung(),
            repair.attempts(),
            target.repair().get(repair.rung()));
    return IncidentId.shortForm(incident.id()) + "-" + step.substring(0, DIGITS);
  }
}
