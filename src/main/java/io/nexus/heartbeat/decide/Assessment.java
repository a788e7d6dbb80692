package io.nexus.heartbeat.decide;

import static java.util.Objects.requireNonNullElse;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How well a target is, after all its readings so far. A fold: {@link #next} adds one.
 *
 * <p>Patience is symmetric: a level gets worse when the last {@code failureThreshold} readings all
 * were worse, and becomes the mildest of them; it gets better when the last {@code
 * successThreshold} readings all were better, and becomes the worst of them.
 *
 * @param level null until enough readings agree
 * @param recent the levels of the last readings, a letter each, oldest first
 * @param failures readings in a row that were not Healthy
 * @param successes when the checks of the present row of Healthy readings began, the last {@value
 *     #MEMORY} of them
 * @param armed it was Healthy under this version of its check
 * @param lastBegun when the last check began; null before the first under this process
 */
public record Assessment(
    @Nullable Level level,
    String message,
    @Nullable Instant since,
    String recent,
    int failures,
    List<Instant> successes,
    Map<String, Level> limits,
    Measurements measurements,
    boolean starting,
    boolean armed,
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
          0,
          List.of(),
          Map.of(),
          Measurements.NONE,
          false,
          false,
          null,
          null,
          null);

  /** What a status written earlier, perhaps by another process, says of a target. */
  public static Assessment remembered(TargetStatus status, boolean armed) {
    return new Assessment(
        status.since() == null ? null : status.level(),
        status.message(),
        status.since(),
        status.recent(),
        status.failures(),
        List.of(),
        Map.of(),
        Measurements.NONE,
        false,
        armed,
        null,
        status.lastChecked(),
        status.latency());
  }

  /** The same target under another check: what was known counts, but it must prove itself again. */
  public Assessment disarmed() {
    return new Assessment(
        level,
        message,
        since,
        recent,
        failures,
        List.of(),
        Map.of(),
        measurements,
        starting,
        false,
        lastBegun,
        lastFinished,
        latency);
  }

  public Assessment next(Target target, Observation observation) {
    var verdict = Verdict.of(observation.reading(), target.thresholds(), limits);
    var healthy = verdict.level() == Level.Healthy;
    var history = lastOf(recent + verdict.level().letter());
    var row = healthy ? 0 : failures + 1;
    var decided = settle(level, history, target);
    var changed = decided != level;
    return new Assessment(
        decided,
        messageOf(verdict, decided, row, target),
        changed ? observation.finished() : since,
        history,
        row,
        healthy ? lastOf(successes, observation.begun()) : List.of(),
        verdict.limits(),
        verdict.measurements(),
        verdict.starting(),
        armed || (healthy && decided == Level.Healthy),
        observation.begun(),
        observation.finished(),
        observation.took());
  }

  /** The level, or Unknown while there is none. */
  public Level levelOrUnknown() {
    return requireNonNullElse(level, Level.Unknown);
  }

  /** The last reading was not Healthy, whatever patience made of it. */
  public boolean isSuspect() {
    return !recent.isEmpty() && !recent.endsWith("H");
  }

  /**
   * @param moment null: any time, also by an earlier process
   */
  public boolean checkedSince(@Nullable Instant moment) {
    return moment == null || (lastBegun != null && !lastBegun.isBefore(moment));
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
    if (!good.isEmpty() && current.isWorseThan(Level.worst(good))) {
      return Level.worst(good);
    }
    return current;
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
      Verdict verdict, @Nullable Level decided, int failures, Target target) {
    if (verdict.level() == Level.Healthy) {
      return decided == Level.Healthy ? verdict.message() : "well again, not yet for long enough";
    }
    if (decided == null || verdict.level().isWorseThan(decided)) {
      return verdict.message() + " (" + failures + " of " + target.failureThreshold() + ")";
    }
    return failures > 1 ? verdict.message() + " (" + failures + " in a row)" : verdict.message();
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
