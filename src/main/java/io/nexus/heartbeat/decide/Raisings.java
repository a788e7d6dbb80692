package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.RepairPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What was scaled up, until it is put back. */
final class Raisings {
  /** A workload that cannot be written is not asked for all the time. */
  private static final Duration AGAIN = Duration.ofSeconds(15);

  private Raisings() {}

  /** Those of before that are not put back yet, and those of acts that are planned now. */
  static List<Raised> next(Situation situation, List<Incident> incidents) {
    var raised = new LinkedHashMap<Object, Raised>();
    for (var one : situation.prior().state().raised()) {
      if (!situation.putBack().contains(one.workload())) {
        raised.put(one.workload(), one);
      }
    }
    for (var incident : incidents) {
      raisedBy(situation, incident).ifPresent(one -> raised.put(one.workload(), one));
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

  /** Already when it is planned: whoever does it may die before it says so. */
  private static Optional<Raised> raisedBy(Situation situation, Incident incident) {
    var repair = incident.repair();
    if (repair == null || repair.phase() != RepairPhase.Planned) {
      return Optional.empty();
    }
    var plan = repair.plan();
    return plan == null
        ? Optional.empty()
        : situation.spec().targets().stream()
            .filter(target -> target.name().equals(incident.target()))
            .filter(target -> repair.rung() < target.repair().size())
            .flatMap(target -> Stream.ofNullable(target.repair().get(repair.rung()).scale()))
            .map(scale -> new Raised(scale.workload(), plan.deadline().plus(scale.keepFor())))
            .findFirst();
  }
}
