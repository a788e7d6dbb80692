package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the repair of an incident stands.
 *
 * @param phase The step it is at.
 * @param rung Index in the target's ladder, from 0.
 * @param attempts Acts planned in this incident.
 * @param skipped Rungs passed by since the last attempt, since they could not help.
 * @param refused How often in a row this rung's act was refused, or could not be done in time.
 * @param retryAt When what was refused is asked for again.
 * @param lastTry Why the last try of the plan was not the end of it; it is tried again.
 * @param since When the phase began.
 * @param message Why it waits, or how it went.
 * @param asked Pods that would be evicted, as a person was asked.
 * @param plan The act under way.
 */
@Wire
public record Repair(
    RepairPhase phase,
    int rung,
    int attempts,
    int skipped,
    int refused,
    @Timestamp @Nullable Instant retryAt,
    @Nullable String lastTry,
    @Timestamp Instant since,
    String message,
    List<PodRef> asked,
    @Nullable Plan plan) {
  public Repair {
    message = Bounded.message(requireNonNullElse(message, ""));
    asked = List.copyOf(requireNonNullElse(asked, List.of()));
    lastTry = lastTry == null ? null : Bounded.message(lastTry);
  }

  /** At the start of a ladder, when nothing was tried yet. */
  public static Repair first(Instant now) {
    return new Repair(RepairPhase.Waiting, 0, 0, 0, 0, null, null, now, "", List.of(), null);
  }

  /** The same rung in another phase, or the same phase told anew. */
  public Repair in(RepairPhase next, Instant now, String how, @Nullable Plan with) {
    return new Repair(
        next,
        rung,
        attempts,
        skipped,
        refused,
        null,
        with == null ? null : lastTry,
        phase == next ? since : now,
        how,
        asked,
        with);
  }

  /** Waits for the turn of another rung. */
  public Repair at(int other, Instant now, String why) {
    return new Repair(
        RepairPhase.Waiting, other, attempts, skipped, 0, null, null, now, why, List.of(), null);
  }

  /** One more attempt, by this plan. */
  public Repair planned(Plan next, Instant now) {
    return new Repair(
        RepairPhase.Planned,
        rung,
        attempts + 1,
        0,
        refused,
        null,
        null,
        now,
        next.action(),
        List.of(),
        next);
  }

  /** A person is asked for this: what is approved is these pods, no others. */
  public Repair asking(List<PodRef> pods) {
    return new Repair(
        phase, rung, attempts, skipped, refused, retryAt, lastTry, since, message, pods, plan);
  }

  /** The attempt was none: nothing was done. */
  public Repair undone() {
    return counting(Math.max(0, attempts - 1), skipped, refused);
  }

  /** One more rung that could not help. */
  public Repair skipping() {
    return counting(attempts, skipped + 1, refused);
  }

  public Repair refused(int times) {
    return counting(attempts, skipped, times);
  }

  private Repair counting(int tried, int passed, int no) {
    return new Repair(
        phase, rung, tried, passed, no, retryAt, lastTry, since, message, asked, plan);
  }

  public Repair retryingAt(Instant when) {
    return new Repair(
        phase, rung, attempts, skipped, refused, when, lastTry, since, message, asked, plan);
  }

  public Repair tried(String why) {
    return new Repair(
        phase, rung, attempts, skipped, refused, retryAt, why, since, message, asked, plan);
  }
}
