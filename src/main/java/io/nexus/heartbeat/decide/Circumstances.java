package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.decide.Gates.Closed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What bears on every act, whatever it is done to: gathered when something may be done.
 *
 * @param clock why this machine's clock is not to be relied upon; null: it is
 * @param doubt why it may be us who fail, not what is watched; null: nothing says so
 * @param budget why nothing may be spent of what all monitors share; null: something may
 */
public record Circumstances(
    @Nullable String clock, @Nullable String doubt, @Nullable String budget) {
  /** Nothing speaks against it. */
  public static final Circumstances GOOD = new Circumstances(null, null, null);

  Optional<Closed> standing() {
    return closed("clock", clock).or(() -> closed("self-doubt", doubt));
  }

  /** Not judged again of what is planned, which may have spent it already. */
  Optional<Closed> sharedBudget() {
    return closed("shared budget", budget);
  }

  private static Optional<Closed> closed(String gate, @Nullable String why) {
    return Optional.ofNullable(why).map(it -> new Closed(gate, it));
  }
}
