package io.nexus.heartbeat.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people did about an incident.
 *
 * @param acknowledgedBy Who takes care of it.
 * @param acknowledgedAt Since when.
 * @param resets How often its repair was begun anew.
 * @param approval The step that was approved and is not yet planned.
 */
@Wire
public record Attention(
    @Nullable String acknowledgedBy,
    @Timestamp @Nullable Instant acknowledgedAt,
    int resets,
    @Nullable Approval approval) {
  public static final Attention NONE = new Attention(null, null, 0, null);

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
    return new Attention(by, at, resets, approval);
  }

  /** What was approved before is another step now. */
  public Attention reset() {
    return new Attention(acknowledgedBy, acknowledgedAt, resets + 1, null);
  }

  public Attention with(@Nullable Approval now) {
    return new Attention(acknowledgedBy, acknowledgedAt, resets, now);
  }
}
