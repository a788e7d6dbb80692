package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;

/**
 * What repair may do.
 *
 * @param maxAttempts acts per incident, then Exhausted
 * @param cooldown between two acts on one target
 */
public record Recovery(Mode mode, Budget budget, Duration cooldown, Integer maxAttempts) {
  public static final Recovery DEFAULT =
      new Recovery(Mode.Auto, Budget.DEFAULT, Duration.ofMinutes(5), 3);

  public Recovery {
    mode = requireNonNullElse(mode, Mode.Auto);
    budget = requireNonNullElse(budget, Budget.DEFAULT);
    cooldown = requireNonNullElse(cooldown, Duration.ofMinutes(5));
    maxAttempts = requireNonNullElse(maxAttempts, 3);
  }

  /** Auto repairs; DryRun decides and records but does not act; Off only tells. */
  public enum Mode {
    Auto,
    DryRun,
    Off
  }

  /** At most so many acts of this monitor in any window of that length. */
  public record Budget(Integer actions, Duration per) {
    static final Budget DEFAULT = new Budget(5, Duration.ofHours(1));

    public Budget {
      actions = requireNonNullElse(actions, 5);
      per = requireNonNullElse(per, Duration.ofHours(1));
    }
  }
}
