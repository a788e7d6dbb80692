package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Scale;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What was scaled up, until it is put back. */
final class Raisings {
  /** A workload that cannot be written is not asked for all the time. */
  private static final java.time.Duration AGAIN = java.time.Duration.ofSeconds(15);

  private Raisings() {}

  /** Those of before that are not put back yet, and those of acts that are under way now. */
  static List<Raised> next(Situation situation, List<Incident> incidents) {
    var raised = new LinkedHashMap<Object, Raised>();
    for (var one : situation.prior().state().raised()) {
      if (!situation.putBack().contains(one.workload())) {
        raised.put(one.workload(), one);
      }
    }
    for (var incident : incidents) {
      scaling(situation, incident)
          .ifPresent(
              scale ->
                  raised.put(
                      scale.workload(),
                      new Raised(
                          scale.workload(),
                          incident.repair().plan().plannedAt().plus(Ladder.TO_ACT)
                              .plus(scale.keepFor()))));
    }
    return List.copyOf(raised.values());
  }

  static List<Raised> due(List<Raised> raised, Instant now) {
    return raised.stream().filter(it -> !now.isBefore(it.until())).toList();
  }

  static Optional<Instant> nextLook(List<Raised> raised, Instant now) {
    return raised.stream()
        .map(it -> it.until().isAfter(now) ? it.until() : now.plus(AGAIN))
        .min(Comparator.naturalOrder());
  }

  /** Planned counts: whoever does it may die before it says so. */
  private static Optional<Scale> scaling(Situation situation, Incident incident) {
    var repair = incident.repair();
    if (repair == null
        || repair.plan() == null
        || (repair.phase() != RepairPhase.Planned && repair.phase() != RepairPhase.Executing)) {
      return Optional.empty();
    }
    return situation.spec().targets().stream()
        .filter(target -> target.name().equals(incident.target()))
        .filter(target -> repair.rung() < target.repair().size())
        .map(target -> target.repair().get(repair.rung()))
        .map(Rung::scale)
        .filter(Objects::nonNull)
        .findFirst();
  }
}
