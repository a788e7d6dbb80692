package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Heartbeat knows. Written whole, only by Heartbeat.
 *
 * @param observedGeneration The metadata.generation this status speaks of.
 * @param level The worst level of the targets: Healthy, Degraded, Unknown or Critical.
 * @param message The worst target and its cause.
 * @param summary For the table of kubectl get.
 * @param lastChangeTime When the level last changed.
 * @param conditions Ready: whether this monitor is processed. Healthy: whether all targets are
 *     well. AlertsDelivered: whether no receiver refuses messages. OrdersTaken: what came of the
 *     last order that a person gave.
 * @param targets What is known of each target.
 * @param actions The last acts of repair, at most 10, the newest last.
 * @param state What only the machine needs.
 */
@Wire
public record MonitorStatus(
    @Nullable Long observedGeneration,
    Level level,
    String message,
    Summary summary,
    @Timestamp @Nullable Instant lastChangeTime,
    @ListMap("type") List<Condition> conditions,
    List<TargetStatus> targets,
    List<ActionRecord> actions,
    MonitorState state) {
  public static final MonitorStatus NONE =
      new MonitorStatus(
          null,
          Level.Unknown,
          "not yet checked",
          new Summary("0/0", ""),
          null,
          List.of(),
          List.of(),
          List.of(),
          MonitorState.NONE);

  public MonitorStatus {
    level = requireNonNullElse(level, Level.Unknown);
    message = Bounded.message(requireNonNullElse(message, ""));
    summary = requireNonNullElse(summary, new Summary("", ""));
    conditions = List.copyOf(requireNonNullElse(conditions, List.of()));
    targets = List.copyOf(requireNonNullElse(targets, List.of()));
    actions = List.copyOf(requireNonNullElse(actions, List.of()));
    state = requireNonNullElse(state, MonitorState.NONE);
  }

  /** The same, but for what only the machine needs. */
  public MonitorStatus withState(MonitorState now) {
    return new MonitorStatus(
        observedGeneration,
        level,
        message,
        summary,
        lastChangeTime,
        conditions,
        targets,
        actions,
        now);
  }

  /**
   * For the table of {@code kubectl get}.
   *
   * @param healthy Healthy targets of all, such as 7/9.
   * @param recovery The repair under way, such as Verifying (gateway).
   */
  @Wire
  public record Summary(String healthy, String recovery) {
    public Summary {
      healthy = requireNonNullElse(healthy, "");
      recovery = Bounded.message(requireNonNullElse(recovery, ""));
    }
  }
}
