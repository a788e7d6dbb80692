package io.nexus.heartbeat.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people did about an incident.
 *
 * @param acknowledgedBy Who takes care of it.
 * @param acknowledgedAt Since when.
 * @param resets How often its repair was begun anew.
 * @param approvals How many approvals were used, or have lapsed.
 * @param approval The step that was approved and is not yet planned.
 */
@Wire
public record Attention(
    @Nullable String acknowledgedBy,
    @Timestamp @Nullable Instant acknowledgedAt,
    int resets,
    int approvals,
    @Nullable Approval approval) {
  public static final Attention NONE = new Attention(null, null, 0, 0, null);

  /**
   * A person allows one step.
   *
   * @param step Its id.
   * @param by Who allows it.
   * @param at Since when.
   */
  @Wire
  public record Approval(String step, String by, @Timestamp Instant at) {}

  public Attention acknowledged(String by, Instant at) {
    return new Attention(by, at, resets, approvals, approval);
  }

  /** What was approved before is another step now. */
  public Attention reset() {
    return new Attention(acknowledgedBy, acknowledgedAt, resets + 1, approvals, null);
  }

  public Attention approved(Approval now) {
    return new Attention(acknowledgedBy, acknowledgedAt, resets, approvals, now);
  }

  /** It was used or has lapsed: what waits now is another step. */
  public Attention withoutApproval() {
    return new Attention(acknowledgedBy, acknowledgedAt, resets, approvals + 1, null);
  }
}
