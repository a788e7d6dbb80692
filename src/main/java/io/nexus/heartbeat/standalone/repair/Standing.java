package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of a subject.
 *
 * @param sequence of the last act on it, or of a plan that was called off
 * @param last act on it
 * @param own what was asked for; null: it was never begun
 * @param running the last act is being done by this very process
 */
record Standing(long sequence, @Nullable Entry last, @Nullable Entry own, boolean running) {

  Standing(long sequence, @Nullable Entry last, @Nullable Entry own) {
    this(sequence, last, own, false);
  }

  Standing runningHere(boolean now) {
    return new Standing(sequence, last, own, now);
  }

  /** The act that is spoken of: what was asked for, or the last one. */
  @Nullable Entry act() {
    return own == null ? last : own;
  }

  /** It is being done, by us. */
  boolean isUnderWay() {
    return running && last != null && last.equals(act());
  }

  /**
   * @param obstacle on the subject; what is under way already comes before it
   */
  Facts found(Effect effect, @Nullable Obstacle obstacle, String affects) {
    var act = act();
    var ours =
        running && last != null
            ? Obstacle.passing(
                "already in repair",
                "'%s' is under way, for %s of %s"
                    .formatted(last.action(), last.target(), last.monitor()))
            : obstacle;
    return new Facts.Found(
        "", null, sequence, act == null ? null : act.id(), effect, ours, affects, List.of());
  }
}
