package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One step of the repair ladder. Exactly one of {@code restart} and {@code notify}.
 *
 * @param on the level at which the rung is tried; that or worse, never Unknown
 * @param after how long the incident must have lasted
 */
public record Rung(
    @Nullable WorkloadRef restart,
    @JsonProperty("notify") @Nullable Notify tell,
    Level on,
    Duration after,
    Verify verify) {

  public Rung {
    on = requireNonNullElse(on, Level.Critical);
    after = requireNonNullElse(after, Duration.ZERO);
    verify = requireNonNullElse(verify, Verify.DEFAULT);
  }

  /** Tells people, touches nothing. */
  public record Notify() {}

  /** An act helped when so many checks in a row, begun after it, found the target well in time. */
  public record Verify(Integer successes, Duration within) {
    static final Verify DEFAULT = new Verify(3, Duration.ofMinutes(5));

    public Verify {
      successes = requireNonNullElse(successes, 3);
      within = requireNonNullElse(within, Duration.ofMinutes(5));
    }
  }
}
