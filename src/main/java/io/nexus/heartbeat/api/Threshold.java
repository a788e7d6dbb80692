package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * A limit on a measurement, with hysteresis. Values are numbers, percentages ({@code 80%}),
 * quantities ({@code 512Mi}) or durations ({@code 2s}).
 *
 * @param measurement What is measured, such as memoryPercent.
 * @param degraded When the value reaches this, the target is Degraded. A number, 80%, 512Mi or 2s.
 * @param critical When the value reaches this, the target is Critical. A number, 80%, 512Mi or 2s.
 * @param clear Once a level was reached, it holds until the value is back behind this. A number,
 *     80%, 512Mi or 2s.
 * @param direction Which side of the limit is bad, Above or Below. By default Below when critical
 *     is less than degraded or clear lies above the limit, and for minutesLeft, else Above.
 */
@Wire
@ValidationRule(
    value = "has(self.degraded) || has(self.critical)",
    message = "at least one of degraded and critical must be set")
public record Threshold(
    @Required @Pattern("^[a-z][a-zA-Z0-9_]*$") @Size(min = 1, max = 63) String measurement,
    @Limit @Nullable IntOrString degraded,
    @Limit @Nullable IntOrString critical,
    @Limit @Nullable IntOrString clear,
    @Nullable Direction direction) {

  boolean isOnTheSameAs(Threshold other) {
    return measurement.equals(other.measurement);
  }

  /** Which side of the limit is bad. */
  public enum Direction {
    Above,
    Below
  }
}
