package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.api.RepairPhase.AwaitingApproval;

import io.nexus.heartbeat.api.Attention.Approval;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.decide.Phases.Step;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Steps of repair that wait for a person, each under an id that belongs to no other. */
record Steps(Rungs rungs) {
  /** Whoever approves sees what is so now; when a gate holds it for longer, it is asked again. */
  static final Duration APPROVAL_LASTS = Duration.ofMinutes(10);

  private static final int DIGITS = 4;
  private static final Set<RepairPhase> PENDING =
      Set.of(RepairPhase.Waiting, RepairPhase.Blocked, AwaitingApproval);

  /** A step that waits, and what would be done. */
  record Waiting(String id, Incident incident, String action) {}

  /** What of an incident waits for a person now, by what is declared now. */
  static Optional<Waiting> waiting(Situation situation, Incident incident) {
    return situation.spec().targets().stream()
        .filter(target -> target.name().equals(incident.target()))
        .flatMap(target -> waiting(target, incident).stream())
        .findFirst();
  }

  private static Optional<Waiting> waiting(Target target, Incident incident) {
    var repair = incident.repair();
    return repair == null
            || repair.phase() != AwaitingApproval
            || repair.rung() >= target.repair().size()
        ? Optional.empty()
        : Optional.of(
            new Waiting(
                id(incident, repair, target), incident, Remedy.action(target, repair.rung())));
  }

  /** The id of the step that waits for a person, or will when a gate opens that holds it. */
  static @Nullable String pending(Incident incident, Target target) {
    var repair = incident.repair();
    return repair == null
            || !PENDING.contains(repair.phase())
            || repair.rung() >= target.repair().size()
        ? null
        : id(incident, repair, target);
  }

  static @Nullable String shown(Incident incident, Target target) {
    return waiting(target, incident).map(Waiting::id).orElse(null);
  }

  /** Nobody has approved this very step, or too long ago. */
  boolean mustWait(Incident incident, Repair repair) {
    if (rungs.situation().spec().recovery().mode() != Mode.Approve) {
      return false;
    }
    var approval = incident.attentionOrNone().approval();
    return approval == null
        || !approval.step().equals(id(incident, repair, rungs.target()))
        || hasLapsed(approval);
  }

  private boolean hasLapsed(Approval approval) {
    return !rungs.situation().now().isBefore(approval.at().plus(APPROVAL_LASTS));
  }

  /** Told once for each step: what it is, what feels it, and how it is approved. */
  Step awaiting(Incident incident, Repair repair, String affects) {
    var asked = incident.attentionOrNone().approval() == null ? incident : used(incident);
    var id = id(asked, repair, rungs.target());
    var text =
        "%s waits for approval%s: heartbeat approve %s %s"
            .formatted(
                Remedy.action(rungs.target(), repair.rung()),
                affects.isEmpty() ? "" : " (" + affects + ")",
                rungs.situation().monitor(),
                id);
    var step = new Phases(rungs).awaiting(asked, repair, text);
    var told =
        asked.story().stream()
            .anyMatch(h -> h.kind() == Kind.AwaitingApproval && h.text().endsWith(id));
    return told
        ? step
        : new Step(
            step.incident()
                .with(Kind.AwaitingApproval, asked.level(), rungs.situation().now(), text));
  }

  static @Nullable String approvedBy(Incident incident) {
    var approval = incident.attentionOrNone().approval();
    return approval == null ? null : approval.by();
  }

  /** An approval is for one act. */
  static Incident used(Incident incident) {
    return incident.attentionOrNone().approval() == null
        ? incident
        : incident.withAttention(incident.attentionOrNone().withoutApproval());
  }

  /**
   * Of the incident, the attempt, the very rung and the pods: whoever approves what they saw
   * approves nothing else, though the ladder was edited or another pod failed meanwhile.
   */
  private static String id(Incident incident, Repair repair, Target target) {
    var step =
        IncidentId.of(
            incident.id(),
            incident.attentionOrNone().resets(),
            incident.attentionOrNone().approvals(),
            repair.rung(),
            repair.attempts(),
            repair.asked(),
            target.repair().get(repair.rung()));
    return IncidentId.shortForm(incident.id()) + "-" + step.substring(0, DIGITS);
  }
}
