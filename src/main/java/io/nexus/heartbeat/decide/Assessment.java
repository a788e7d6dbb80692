package io.nexus.heartbeat.decide;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toMap;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.reading.Instance;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How well a target is, after all its readings so far. A fold: {@link #next} adds one.
 *
 * <p>Patience is symmetric: a level gets worse when the last {@code failureThreshold} readings all
 * were worse, and becomes the mildest of them; it gets better when the last {@code
 * successThreshold} readings all were better, and becomes the worst of them. Not being able to tell
 * is no sign of getting better: a Critical target becomes Unknown only by as many readings as it
 * takes to get worse.
 *
 * @param level null until enough readings agree
 * @param recent the levels of the last readings, a letter each, oldest first
 * @param flapping those change too often for repair
 * @param failures readings in a row that were not Healthy
 * @param successes when the checks of the present row of Healthy readings began, the last {@value
 *     #MEMORY} of them
 * @param failing instances that failed in the last readings, each with how many in a row
 * @param trend what was seen of a measurement that rises towards a limit
 * @param armed it was Healthy under this version of its check
 * @param looked it was looked at since it was last taken over: from an earlier process, at an edit
 *     of its monitor, at the end of a suspension
 * @param lastBegun when the last check began; null before the first under this process
 */
public record Assessment(
    @Nullable Level level,
    String message,
    @Nullable Instant since,
    String recent,
    boolean flapping,
    int failures,
    List<Instant> successes,
    Map<String, Level> limits,
    Measurements measurements,
    Map<Instance, Integer> failing,
    Trend trend,
    boolean starting,
    boolean armed,
    boolean looked,
    @Nullable Instant lastBegun,
    @Nullable Instant lastFinished,
    @Nullable Duration latency) {

  /** Readings remembered; thresholds and verifications ask for no more. */
  public static final int MEMORY = 20;

  public static final Assessment NONE =
      new Assessment(
          null,
          "not yet checked",
          null,
          "",
          false,
          0,
          List.of(),
          Map.of(),
          Measurements.NONE,
          Map.of(),
          Trend.NONE,
          false,
          false,
          false,
          null,
          null,
          null);

  /** What a status written earlier, perhaps by another process, says of a target. */
  public static Assessment remembered(Target target, TargetStatus status, boolean armed) {
    var level = status.since() == null ? null : status.level();
    return new Assessment(
        level,
        status.message(),
        status.since(),
        status.recent(),
        Flapping.next(Boolean.TRUE.equals(status.flapping()), status.recent()),
        status.failures(),
        List.of(),
        reached(target, level),
        Measurements.NONE,
        Map.of(),
        Trend.NONE,
        false,
        armed,
        false,
        null,
        status.lastChecked(),
        status.latency());
  }

  /** Which limits were reached is not in the status; what is between two limits stays as it was. */
  private static Map<String, Level> reached(Target target, @Nullable Level level) {
    return level == Level.Degraded || level == Level.Critical
        ? Stream.concat(target.thresholds().stream(), target.undeclaredLimits().stream())
            .collect(toMap(Threshold::measurement, _ -> level))
        : Map.of();
  }

  /** The same target after an edit of its monitor that left its check as it was. */
  public Assessment afterEdit() {
    return takenOver(armed);
  }

  /** The same target after a suspension: what it was like before it tells nothing. */
  public Assessment afterSuspension() {
    return NONE.takenOver(armed);
  }

  private Assessment takenOver(boolean wasArmed) {
    return new Assessment(
        level,
        message,
        since,
        recent,
        flapping,
        failures,
        successes,
        limits,
        measurements,
        failing,
        trend,
        starting,
        wasArmed,
        false,
        lastBegun,
        lastFinished,
        latency);
  }

  public Assessment next(Target target, Observation observation) {
    var seen = trend.next(observation);
    var verdict = Verdict.of(seen.foretold(observation.reading()), target, limits);
    var healthy = verdict.level() == Level.Healthy;
    var history = lastOf(recent + verdict.level().letter());
    var row = healthy ? 0 : failures + 1;
    var decided = settle(level, history, target);
    var changed = decided != level;
    return new Assessment(
        decided,
        messageOf(verdict, decided, row, history, target),
        changed ? observation.finished() : since,
        history,
        Flapping.next(flapping, history),
        row,
        healthy ? lastOf(successes, observation.begun()) : List.of(),
        verdict.limits(),
        verdict.measurements(),
        failing(verdict.measurements().failing()),
        seen,
        verdict.starting(),
        armed || (healthy && decided == Level.Healthy),
        true,
        observation.begun(),
        observation.finished(),
        observation.took());
  }

  private Map<Instance, Integer> failing(List<Instance> now) {
    return now.stream().distinct().collect(toMap(it -> it, it -> failing.getOrDefault(it, 0) + 1));
  }

  /** Instances that failed in each of the last so many readings. */
  List<Instance> failingFor(int readings) {
    return failing.entrySet().stream()
        .filter(it -> it.getValue() >= readings)
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing(Instance::name))
        .toList();
  }

  /** The level, or Unknown while there is none. */
  public Level levelOrUnknown() {
    return requireNonNullElse(level, Level.Unknown);
  }

  /** The last reading was not Healthy, whatever patience made of it. */
  public boolean isSuspect() {
    return !recent.isEmpty() && !recent.endsWith("H");
  }

  /** The last reading was worse than the level, which patience still holds. */
  public boolean isWorsening() {
    return !recent.isEmpty()
        && Level.ofLetter(recent.charAt(recent.length() - 1))
            .isWorseThan(requireNonNullElse(level, Level.Healthy));
  }

  /** Whether a check that began at this moment or later is among what is known. */
  public boolean isNewerThan(Instant moment) {
    return lastBegun != null && !lastBegun.isBefore(moment);
  }

  /** Healthy readings in a row whose checks began at this moment or later. */
  public long successesSince(Instant moment) {
    return successes.stream().filter(begun -> !begun.isBefore(moment)).count();
  }

  private static @Nullable Level settle(@Nullable Level current, String history, Target target) {
    var bad = levels(history, target.failureThreshold());
    var good = levels(history, target.successThreshold());
    if (current == null) {
      if (!good.isEmpty() && Level.worst(good) == Level.Healthy) {
        return Level.Healthy;
      }
      return bad.isEmpty() ? null : mildest(bad);
    }
    if (!bad.isEmpty() && mildest(bad).isWorseThan(current)) {
      return mildest(bad);
    }
    return isBetter(good, bad, current) ? Level.worst(good) : current;
  }

  private static boolean isBetter(List<Level> good, List<Level> bad, Level current) {
    return !good.isEmpty()
        && current.isWorseThan(Level.worst(good))
        && (!good.contains(Level.Unknown)
            || !bad.isEmpty() && current.isWorseThan(Level.worst(bad)));
  }

  /** The last so many readings; none while there are fewer. */
  private static List<Level> levels(String history, int count) {
    if (history.length() < count) {
      return List.of();
    }
    return history
        .substring(history.length() - count)
        .chars()
        .mapToObj(letter -> Level.ofLetter((char) letter))
        .toList();
  }

  private static Level mildest(List<Level> levels) {
    return levels.stream().reduce((a, b) -> a.isWorseThan(b) ? b : a).orElseThrow();
  }

  private static String messageOf(
      Verdict verdict, @Nullable Level decided, int failures, String history, Target target) {
    if (verdict.level() == Level.Healthy) {
      return decided == Level.Healthy ? verdict.message() : "well again, not yet for long enough";
    }
    var known = requireNonNullElse(decided, Level.Healthy);
    if (verdict.level().isWorseThan(known)) {
      var row = rowWorseThan(known, history);
      return verdict.message() + " (" + row + " of " + target.failureThreshold() + ")";
    }
    // What keeps us from telling is the same however often it does.
    return failures > 1 && verdict.level() != Level.Unknown
        ? verdict.message() + " (" + failures + " in a row)"
        : verdict.message();
  }

  private static int rowWorseThan(Level level, String history) {
    var row = 0;
    while (row < history.length()
        && Level.ofLetter(history.charAt(history.length() - 1 - row)).isWorseThan(level)) {
      row++;
    }
    return row;
  }

  private static String lastOf(String history) {
    return history.substring(Math.max(0, history.length() - MEMORY));
  }

  private static List<Instant> lastOf(List<Instant> begun, Instant added) {
    var all = new ArrayList<>(begun);
    all.add(added);
    return List.copyOf(all.subList(Math.max(0, all.size() - MEMORY), all.size()));
  }
}
