package io.nexus.heartbeat.decide;

import static java.util.stream.Collectors.joining;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.Amount;
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

  static Verdict of(Reading reading, Target target, Map<String, Level> limits) {
    return of(reading, target.thresholds(), target.undeclaredLimits(), limits);
  }

  private static Verdict of(
      Reading reading,
      List<Threshold> declared,
      List<Threshold> undeclared,
      Map<String, Level> limits) {
    return switch (reading) {
      case Reading.Up(var measured) ->
          new Verdict(Level.Healthy, noted(measured), measured, limits, false)
              .judgedBy(declared, undeclared);
      case Reading.Impaired(var cause, var measured, var starting) ->
          new Verdict(Level.Degraded, cause, measured, limits, starting)
              .judgedBy(declared, undeclared);
      case Reading.Down(var cause, var measured) ->
          new Verdict(Level.Critical, cause, measured, limits, false);
      case Reading.Unknown(var why) ->
          new Verdict(Level.Unknown, why, Measurements.NONE, limits, false);
      case Reading.Judged(var found, var condition) ->
          of(found, declared, undeclared, limits)
              .and(of(condition, List.of(), List.of(), Map.of()));
    };
  }

  /** What is worth a word though it is well, such as that it was rate limited. */
  private static String noted(Measurements measured) {
    return measured.words().getOrDefault("note", "");
  }

  /** The worse of both, and said first; all else as it was found. */
  private Verdict and(Verdict condition) {
    var worse = condition.level.isWorseThan(level);
    var said =
        Stream.of(worse ? condition : this, worse ? this : condition)
            .map(Verdict::message)
            .filter(words -> !words.isEmpty())
            .collect(joining("; "));
    return new Verdict(worse ? condition.level : level, said, measurements, limits, starting);
  }

  private Verdict judgedBy(List<Threshold> declared, List<Threshold> undeclared) {
    var worst = level;
    var reached = new HashMap<String, Level>();
    var said = new ArrayList<String>();
    if (!message.isEmpty()) {
      said.add(message);
    }
    for (var threshold : thresholds(declared, undeclared)) {
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
  private List<Threshold> thresholds(List<Threshold> declared, List<Threshold> undeclared) {
    var measured =
        undeclared.stream().filter(limit -> measurements.number(limit.measurement()).isPresent());
    return Stream.concat(declared.stream(), measured).toList();
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
    return threshold.side() == Direction.Above
        ? value >= threshold.amount(limit)
        : value <= threshold.amount(limit);
  }

  private static String words(Threshold threshold, double value, Level level) {
    var limit = level == Level.Critical ? threshold.critical() : threshold.degraded();
    var name = threshold.measurement() + " is " + Amount.text(value);
    if (!reached(threshold, value, limit) || limit == null) {
      return name + ", not yet back behind " + text(threshold.clear());
    }
    var relation = threshold.side() == Direction.Above ? ", at or above " : ", at or below ";
    return name + relation + text(limit);
  }

  private static String text(@Nullable IntOrString limit) {
    if (limit == null) {
      return "its limit";
    }
    return limit.getIntVal() != null ? limit.getIntVal().toString() : limit.getStrVal();
  }
}
