package io.nexus.heartbeat.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * A limit on a measurement, with hysteresis. Values are numbers, percentages ({@code 80%}),
 * quantities ({@code 512Mi}) or durations ({@code 2s}).
 *
 * @param measurement such as {@code memoryPercent}
 * @param degraded reached: Degraded
 * @param critical reached: Critical
 * @param clear once a level was reached, it holds until the value is back behind this
 * @param direction which side is bad; absent: Below when {@code critical < degraded} or {@code
 *     clear} lies above the limit, else Above
 */
public record Threshold(
    String measurement,
    @Nullable IntOrString degraded,
    @Nullable IntOrString critical,
    @Nullable IntOrString clear,
    @Nullable Direction direction) {

  /** Which side of the limit is bad. */
  public enum Direction {
    Above,
    Below
  }
}
