package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** When time alone may change a decision. Readings wake it by themselves. */
final class NextLook {
  private static final Duration AT_A_ROLLOUT = Duration.ofSeconds(2);
  private static final Duration AT_AN_ACT = Duration.ofSeconds(5);
  private static final Duration AT_A_CLOSED_GATE = Duration.ofSeconds(15);

  private NextLook() {}

  static Instant after(Situation situation, MonitorState state) {
    var repairs =
        state.incidents().stream()
            .filter(incident -> incident.resolvedAt() == null)
            .flatMap(incident -> atRepair(situation, incident).stream());
    var blind =
        situation.spec().targets().stream()
            .filter(target -> Incidents.open(state.incidents(), target).isEmpty())
            .flatMap(target -> atBlindness(situation, target).stream());
    return Stream.concat(repairs, blind)
        .filter(moment -> moment.isAfter(situation.now()))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  private static Optional<Instant> atRepair(Situation situation, Incident incident) {
    var repair = incident.repair();
    if (repair == null) {
      return Optional.empty();
    }
    var now = situation.now();
    return switch (repair.phase()) {
      case Planned -> Optional.of(now.plus(AT_AN_ACT));
      case Executing -> Optional.of(now.plus(AT_A_ROLLOUT));
      case Verifying -> Optional.ofNullable(repair.plan()).map(Plan::deadline);
      case Blocked -> Optional.of(now.plus(AT_A_CLOSED_GATE));
      case Waiting ->
          situation.spec().targets().stream()
              .filter(target -> target.name().equals(incident.target()))
              .filter(target -> repair.rung() < target.repair().size())
              .map(target -> incident.openedAt().plus(target.repair().get(repair.rung()).after()))
              .map(due -> due.isAfter(now) ? due : now.plus(AT_A_CLOSED_GATE))
              .findFirst();
      case Recovered, Exhausted -> Optional.empty();
    };
  }

  private static Optional<Instant> atBlindness(Situation situation, Target target) {
    var assessment = situation.assessment(target);
    return assessment.levelOrUnknown() == Level.Unknown && assessment.since() != null
        ? Optional.of(assessment.since().plus(situation.spec().unknownAfter()))
        : Optional.empty();
  }
}
