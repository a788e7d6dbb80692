package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One target as people read it.
 *
 * @param name The target's name.
 * @param kind What is checked, such as http.
 * @param level Healthy, Degraded, Unknown or Critical.
 * @param message What is wrong, in words.
 * @param since When the level was reached.
 * @param lastChecked When the last check ended.
 * @param latency How long the last check took.
 * @param failures Checks in a row that did not find it Healthy.
 * @param measurements What was measured, by name.
 * @param recent The last readings, oldest first, a letter each (H, D, U, C).
 * @param flapping Set while these change so often that nothing is repaired.
 * @param incident The short id of the open incident.
 * @param acknowledged Who takes care of the open incident, and since when.
 * @param repair Where the repair of the open incident stands.
 */
@Wire
public record TargetStatus(
    String name,
    String kind,
    Level level,
    String message,
    @Timestamp @Nullable Instant since,
    @Timestamp @Nullable Instant lastChecked,
    @GoDurationText @Nullable Duration latency,
    int failures,
    Map<String, IntOrString> measurements,
    String recent,
    @Nullable Boolean flapping,
    @Nullable String incident,
    @Nullable String acknowledged,
    @Nullable RepairStatus repair) {

  public TargetStatus {
    level = requireNonNullElse(level, Level.Unknown);
    message = Bounded.message(requireNonNullElse(message, ""));
    measurements = Map.copyOf(requireNonNullElse(measurements, Map.of()));
    recent = requireNonNullElse(recent, "");
  }

  /**
   * Where the repair of an incident stands.
   *
   * @param phase The step it is at.
   * @param rung Index in the target's ladder, from 0.
   * @param action What was or will be done, such as restart Deployment/gateway.
   * @param message Why it waits, or how it went.
   * @param step The id by which a person approves it, while it waits for that.
   */
  @Wire
  public record RepairStatus(
      RepairPhase phase, int rung, String action, String message, @Nullable String step) {
    public RepairStatus {
      action = requireNonNullElse(action, "");
      message = Bounded.message(requireNonNullElse(message, ""));
    }
  }
}
