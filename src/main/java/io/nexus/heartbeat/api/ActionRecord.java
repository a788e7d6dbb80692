package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One act of repair, for whoever asks afterwards what was done, why, and what came of it.
 *
 * @param id The act's id, which also stands on what it was done to; empty for a dry run.
 * @param incident The short id of the incident.
 * @param target The target it was for.
 * @param action What was done, such as restart Deployment/gateway.
 * @param decidedBy What it was decided by, and which person allowed it where one had to.
 * @param gates The gates that were open.
 * @param before How the target was when it was decided.
 * @param effect How far the effect came, such as rolled out.
 * @param after How the target was at the end.
 * @param plannedAt When it was decided.
 * @param doneAt When it was seen to be done.
 * @param endedAt When its outcome was known.
 * @param outcome Underway, Helped, DidNotHelp, NotDone, Unproven or DryRun.
 */
@Wire
public record ActionRecord(
    String id,
    String incident,
    String target,
    String action,
    String decidedBy,
    String gates,
    String before,
    String effect,
    String after,
    @Timestamp Instant plannedAt,
    @Timestamp @Nullable Instant doneAt,
    @Timestamp @Nullable Instant endedAt,
    Outcome outcome) {
  /** As many are kept of one monitor. */
  public static final int MOST = 10;

  /** Of each text, so that a status has a bound. */
  private static final int LONGEST = 256;

  public ActionRecord {
    action = cut(action);
    decidedBy = cut(decidedBy);
    gates = cut(gates);
    before = cut(before);
    effect = cut(effect);
    after = cut(after);
  }

  private static String cut(@Nullable String text) {
    return Bounded.text(requireNonNullElse(text, ""), LONGEST);
  }

  /**
   * @param at when it was seen to be done; null: it was not, after all
   */
  public ActionRecord done(@Nullable Instant at) {
    return new ActionRecord(
        id, incident, target, action, decidedBy, gates, before, effect, after, plannedAt, at,
        endedAt, outcome);
  }

  /** Its effect is complete. */
  public ActionRecord complete(String how) {
    return new ActionRecord(
        id, incident, target, action, decidedBy, gates, before, how, after, plannedAt, doneAt,
        endedAt, outcome);
  }

  /** Its outcome is known. */
  public ActionRecord ended(Outcome with, String then, Instant at) {
    return new ActionRecord(
        id, incident, target, action, decidedBy, gates, before, effect, then, plannedAt, doneAt, at,
        with);
  }

  /** What came of it. */
  public enum Outcome {
    /** It is not known yet. */
    Underway,
    /** The target is well again, by fresh checks. */
    Helped,
    /** It was done, and the target is not well. */
    DidNotHelp,
    /** It was called off, or refused; nothing was touched. */
    NotDone,
    /** It was done, and nobody looks any more whether it helped. */
    Unproven,
    /** Everything but the act. */
    DryRun
  }
}
