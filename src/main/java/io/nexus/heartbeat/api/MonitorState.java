package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only the machine needs, in the same write as what people read.
 *
 * @param acts when this monitor planned acts, for the budget
 * @param armed targets that were healthy under the named version of their check
 */
public record MonitorState(List<Act> acts, List<Armed> armed, List<Incident> incidents) {
  public static final MonitorState NONE = new MonitorState(List.of(), List.of(), List.of());

  public MonitorState {
    acts = List.copyOf(requireNonNullElse(acts, List.of()));
    armed = List.copyOf(requireNonNullElse(armed, List.of()));
    incidents = List.copyOf(requireNonNullElse(incidents, List.of()));
  }

  /** An act that spent budget, and on what, as {@code Deployment/gateway}. */
  public record Act(String target, String workload, Instant at) {}

  /** The target was healthy under this version of its check, a hash of the check's fields. */
  public record Armed(String target, String check) {}

  /** An incident, until it is over and everybody was told. */
  public record Incident(
      String id,
      String target,
      Level level,
      String cause,
      Instant openedAt,
      @Nullable Instant resolvedAt,
      @Nullable Repair repair,
      List<Happening> story,
      List<Told> told) {

    public Incident {
      story = List.copyOf(requireNonNullElse(story, List.of()));
      told = List.copyOf(requireNonNullElse(told, List.of()));
    }
  }

  /**
   * @param attempts acts planned in this incident
   * @param since when the phase began
   */
  public record Repair(
      RepairPhase phase,
      int rung,
      int attempts,
      Instant since,
      String message,
      @Nullable Plan plan) {}

  /**
   * An act, written down before it is done.
   *
   * @param id derived from monitor, target, incident, rung and attempt: the same plan has the same
   *     id in every process
   * @param sequence greater than that of any act the workload had seen
   * @param workloadUid the workload must still be this one
   * @param deadline by when it must be done and verified
   */
  public record Plan(
      String id,
      long sequence,
      WorkloadRef workload,
      String workloadUid,
      Instant plannedAt,
      Instant deadline) {}

  /** Something that happened in an incident and may have to be told. */
  public record Happening(int seq, Kind kind, Level level, Instant at, String text) {

    /** What happened. */
    public enum Kind {
      Opened,
      Worsened,
      Improved,
      Blocked,
      Planned,
      RepairHelped,
      RepairFailed,
      Exhausted,
      Notify,
      Resolved
    }
  }

  /**
   * What a receiver knows of an incident.
   *
   * @param seq the last happening it was told, or was spared
   * @param messageId the channel's id of the last message
   */
  public record Told(String receiver, int seq, @Nullable String messageId) {}
}
