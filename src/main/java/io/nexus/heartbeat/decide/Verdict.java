package io.nexus.heartbeat.decide;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.Threshold.Direction;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one reading says, thresholds included, before any patience.
 *
 * @param limits the level each threshold is at, by measurement, for its hysteresis
 */
record Verdict(
    Level level,
    String message,
    Measurements measurements,
    Map<String, Level> limits,
    boolean starting) {

  /** Of which a single limit can only mean that too little is bad. */
  private static final Set<String> LESS_IS_WORSE = Set.of(Trend.MINUTES_LEFT);

  static Verdict of(Reading reading, Target target, Map<String, Level> limits) {
    return switch (reading) {
      case Reading.Up(var measured) ->
          new Verdict(Level.Healthy, "", measured, limits, false).judgedBy(target);
      case Reading.Impaired(var cause, var measured, var starting) ->
          new Verdict(Level.Degraded, cause, measured, limits, starting).judgedBy(target);
      case Reading.Down(var cause, var measured) ->
          new Verdict(Level.Critical, cause, measured, limits, false);
      case Reading.Unknown(var why) ->
          new Verdict(Level.Unknown, why, Measurements.NONE, limits, false);
    };
  }

  private Verdict judgedBy(Target target) {
    var worst = level;
    var reached = new HashMap<String, Level>();
    var said = new ArrayList<String>();
    if (!message.isEmpty()) {
      said.add(message);
    }
    for (var threshold : thresholds(target)) {
      var name = threshold.measurement();
      var value = measurements.number(name);
      if (value.isPresent()) {
        var before = limits.getOrDefault(name, Level.Healthy);
        var now = levelOf(threshold, value.getAsDouble(), before);
        reached.put(name, now);
        if (now != Level.Healthy) {
          said.add(words(threshold, value.getAsDouble(), now));
        }
        worst = now.isWorseThan(worst) ? now : worst;
      } else if (measurements.absent().containsKey(name)) {
        said.add("no " + name + ": " + measurements.absent().get(name));
      } else if (level == Level.Healthy) {
        said.add(
            "threshold on '"
                + name
                + "', which is not measured here; measured: "
                + String.join(", ", measurements.numbers().keySet()));
        worst = Level.Unknown.isWorseThan(worst) ? Level.Unknown : worst;
      }
    }
    outlook().ifPresent(said::add);
    return new Verdict(worst, String.join("; ", said), measurements, Map.copyOf(reached), starting);
  }

  /** When what rises reaches its limit; of what has reached it a threshold speaks. */
  private Optional<String> outlook() {
    var rise = measurements.rise();
    var left = measurements.number(Trend.MINUTES_LEFT);
    if (rise == null
        || left.isEmpty()
        || measurements.number(rise.measurement()).orElse(rise.limit()) >= rise.limit()) {
      return Optional.empty();
    }
    var minutes = (long) left.getAsDouble();
    return Optional.of(
        rise.event()
            + (minutes < 1 ? " within a minute" : " in " + Words.of(Duration.ofMinutes(minutes))));
  }

  /** An undeclared limit on what is not measured is nobody's mistake. */
  private List<Threshold> thresholds(Target target) {
    var undeclared =
        target.undeclaredLimits().stream()
            .filter(limit -> measurements.number(limit.measurement()).isPresent());
    return Stream.concat(target.thresholds().stream(), undeclared).toList();
  }

  private static Level levelOf(Threshold threshold, double value, Level before) {
    var raw = Level.Healthy;
    if (reached(threshold, value, threshold.degraded())) {
      raw = Level.Degraded;
    }
    if (reached(threshold, value, threshold.critical())) {
      raw = Level.Critical;
    }
    var holds = threshold.clear() != null && reached(threshold, value, threshold.clear());
    return holds && before.isWorseThan(raw) ? before : raw;
  }

  private static boolean reached(Threshold threshold, double value, @Nullable IntOrString limit) {
    if (limit == null) {
      return false;
    }
    return direction(threshold) == Direction.Above
        ? value >= amount(threshold, limit)
        : value <= amount(threshold, limit);
  }

  /** In the measurement's unit: what is written as a duration is in seconds but for this one. */
  private static double amount(Threshold threshold, IntOrString limit) {
    return threshold.measurement().equals(Trend.MINUTES_LEFT) && Amount.isDuration(limit)
        ? Amount.of(limit) / 60
        : Amount.of(limit);
  }

  private static Direction direction(Threshold threshold) {
    if (threshold.direction() != null) {
      return threshold.direction();
    }
    var limit = threshold.degraded() != null ? threshold.degraded() : threshold.critical();
    var harder = threshold.degraded() != null ? threshold.critical() : null;
    if (limit != null && harder != null) {
      return amount(threshold, harder) < amount(threshold, limit)
          ? Direction.Below
          : Direction.Above;
    }
    if (limit != null && threshold.clear() != null) {
      return amount(threshold, threshold.clear()) > amount(threshold, limit)
          ? Direction.Below
          : Direction.Above;
    }
    return LESS_IS_WORSE.contains(threshold.measurement()) ? Direction.Below : Direction.Above;
  }

  private static String words(Threshold threshold, double value, Level level) {
    var limit = level == Level.Critical ? threshold.critical() : threshold.degraded();
    var name = threshold.measurement() + " is " + Amount.text(value);
    if (!reached(threshold, value, limit) || limit == null) {
      return name + ", not yet back behind " + text(threshold.clear());
    }
    var relation = direction(threshold) == Direction.Above ? ", at or above " : ", at or below ";
    return name + relation + text(limit);
  }

  private static String text(@Nullable IntOrString limit) {
    if (limit == null) {
      return "its limit";
    }
    return limit.getIntVal() != null ? limit.getIntVal().toString() : limit.getStrVal();
  }
}
