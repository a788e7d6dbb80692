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
 * @param since when {@code level} was reached
 * @param failures checks in a row that did not find it Healthy
 * @param recent the last readings, oldest first, a letter each (H, D, U, C)
 * @param incident the short id of the open incident
 */
public record TargetStatus(
    String name,
    String kind,
    Level level,
    String message,
    @Nullable Instant since,
    @Nullable Instant lastChecked,
    @Nullable Duration latency,
    int failures,
    Map<String, IntOrString> measurements,
    String recent,
    @Nullable String incident,
    @Nullable RepairStatus repair) {

  public TargetStatus {
    level = requireNonNullElse(level, Level.Unknown);
    message = requireNonNullElse(message, "");
    measurements = Map.copyOf(requireNonNullElse(measurements, Map.of()));
    recent = requireNonNullElse(recent, "");
  }

  /**
   * @param rung index in the target's ladder, from 0
   * @param action what was or will be done, such as {@code restart Deployment/gateway}
   * @param message why it waits, or how it went
   */
  public record RepairStatus(RepairPhase phase, int rung, String action, String message) {}
}
