package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Optional;
import java.util.Set;
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
 *     is less than degraded or clear lies above the limit, and for a limit of its own on what can
 *     only be too little: certificateDays, freeBytes, minutesLeft and ready. Else Above.
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

  private static final Set<String> LESS_IS_WORSE =
      Set.of("certificateDays", "freeBytes", "minutesLeft", "ready");

  /** Which side is bad: as declared, or as its limits say. */
  public Direction side() {
    if (direction != null) {
      return direction;
    }
    var limit = degraded != null ? degraded : critical;
    var harder = degraded != null ? critical : null;
    if (limit != null && harder != null) {
      return amount(harder) < amount(limit) ? Direction.Below : Direction.Above;
    }
    if (limit != null && clear != null) {
      return amount(clear) > amount(limit) ? Direction.Below : Direction.Above;
    }
    return LESS_IS_WORSE.contains(measurement) ? Direction.Below : Direction.Above;
  }

  /** In the measurement's unit: what is written as a duration is in seconds but for minutes. */
  public double amount(IntOrString limit) {
    return measurement.equals("minutesLeft") && Amount.isDuration(limit)
        ? Amount.of(limit) / 60
        : Amount.of(limit);
  }

  /** Why its limits cannot all mean something; each of them can be read. */
  public Optional<String> mistake() {
    if (direction != null && degraded != null && critical != null && isBeyond(degraded, critical)) {
      return Optional.of("critical is reached before degraded, which then means nothing");
    }
    var first = degraded != null ? degraded : critical;
    return clear != null && first != null && isBeyond(clear, first)
        ? Optional.of("clear lies on the bad side of the limit, so it never holds a level")
        : Optional.empty();
  }

  /** Further on the bad side. */
  private boolean isBeyond(IntOrString one, IntOrString other) {
    return side() == Direction.Above ? amount(one) > amount(other) : amount(one) < amount(other);
  }

  boolean isOnTheSameAs(Threshold other) {
    return measurement.equals(other.measurement);
  }

  /** Which side of the limit is bad. */
  public enum Direction {
    Above,
    Below
  }
}
