package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Map;

/**
 * A heartbeat that must arrive: somebody, such as a cron job, says by HTTP that it ran.
 *
 * @param every How long after one end the next must come, 1m to 8784h.
 * @param grace How much later it may come, at most 8784h.
 * @param tokenFrom The token that it is sent with, from a Secret; at least 16 characters.
 */
@Wire
public record PushTarget(
    @Required
        @GoDurationText
        @ValidationRule(
            value = "duration(self) >= duration('1m') && duration(self) <= duration('8784h')",
            message = "every must be at least 1m and at most 8784h (366 days)")
        Duration every,
    @GoDurationText
        @Default("5m")
        @ValidationRule(
            value = "duration(self) <= duration('8784h')",
            message = "grace must be at most 8784h (366 days)")
        Duration grace,
    @Required ValueFrom tokenFrom)
    implements TargetKind {
  /** Shorter ones are guessed. */
  public static final int SHORTEST_TOKEN = 16;

  public PushTarget {
    grace = requireNonNullElse(grace, Duration.ofMinutes(5));
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of("age", Unit.Seconds, "duration", Unit.Seconds);
  }
}
