package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Heartbeat knows. Written whole, only by Heartbeat. */
public record MonitorStatus(
    @Nullable Long observedGeneration,
    Level level,
    String message,
    Summary summary,
    @Nullable Instant lastChangeTime,
    List<Condition> conditions,
    List<TargetStatus> targets,
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
          MonitorState.NONE);

  public MonitorStatus {
    level = requireNonNullElse(level, Level.Unknown);
    message = requireNonNullElse(message, "");
    summary = requireNonNullElse(summary, new Summary("", ""));
    conditions = List.copyOf(requireNonNullElse(conditions, List.of()));
    targets = List.copyOf(requireNonNullElse(targets, List.of()));
    state = requireNonNullElse(state, MonitorState.NONE);
  }

  /**
   * For the table of {@code kubectl get}.
   *
   * @param healthy such as {@code 7/9}
   * @param recovery such as {@code Verifying (gateway)}
   */
  public record Summary(String healthy, String recovery) {}
}
