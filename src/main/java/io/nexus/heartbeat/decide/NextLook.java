package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.OrderBook.Pause;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.Rung;
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
    var raised = Raisings.nextLook(state.raised(), situation.now()).stream();
    var pause = Optional.ofNullable(state.orders().pause()).map(Pause::until).stream();
    return Stream.of(repairs, blind, raised, pause)
        .flatMap(it -> it)
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
      case Verifying -> Optional.of(repair.since().plus(within(situation, incident, repair)));
      case Blocked, AwaitingApproval -> Optional.of(atAClosedGate(situation));
      case Waiting ->
          rung(situation, incident, repair)
              .map(rung -> incident.openedAt().plus(rung.after()))
              .map(due -> due.isAfter(now) ? due : now.plus(AT_A_CLOSED_GATE));
      case Recovered, Told, Exhausted -> Optional.empty();
    };
  }

  private static Instant atAClosedGate(Situation situation) {
    var again = situation.now().plus(AT_A_CLOSED_GATE);
    return Windows.nextOpening(situation.spec().recovery().windows(), situation.now())
        .filter(again::isAfter)
        .orElse(again);
  }

  private static Duration within(Situation situation, Incident incident, Repair repair) {
    return rung(situation, incident, repair).map(Rung::verify).orElse(Rung.Verify.DEFAULT).within();
  }

  private static Optional<Rung> rung(Situation situation, Incident incident, Repair repair) {
    return situation.spec().targets().stream()
        .filter(target -> target.name().equals(incident.target()))
        .filter(target -> repair.rung() < target.repair().size())
        .map(target -> target.repair().get(repair.rung()))
        .findFirst();
  }

  private static Optional<Instant> atBlindness(Situation situation, Target target) {
    var assessment = situation.assessment(target);
    return assessment.levelOrUnknown() == Level.Unknown && assessment.since() != null
        ? Optional.of(assessment.since().plus(situation.spec().unknownAfter()))
        : Optional.empty();
  }
}
