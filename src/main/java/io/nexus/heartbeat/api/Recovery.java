package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;

/**
 * What repair may do.
 *
 * @param mode Auto repairs; Approve asks a person before each act; DryRun decides and records but
 *     does not act; Disabled only tells.
 * @param budget At most so many acts of this monitor in any window of that length.
 * @param cooldown The least time between two acts on one target; more than 0s.
 * @param maxAttempts Acts per incident, 1 to 100; then it is Exhausted and a person is needed.
 * @param windows When repair may act; where there is none, always.
 */
@Wire
public record Recovery(
    @Default("Auto") Mode mode,
    @Default("{}") Budget budget,
    @GoDurationText
        @Default("5m")
        @ValidationRule(
            value = "duration(self) > duration('0s')",
            message = "cooldown must be greater than 0s")
        Duration cooldown,
    @Default("3") @Min(1) @Max(100) Integer maxAttempts,
    @Size(max = 20) @ListMap("name") List<RepairWindow> windows) {
  public static final Recovery DEFAULT =
      new Recovery(Mode.Auto, Budget.DEFAULT, Duration.ofMinutes(5), 3, List.of());

  public Recovery {
    mode = requireNonNullElse(mode, Mode.Auto);
    budget = requireNonNullElse(budget, Budget.DEFAULT);
    cooldown = requireNonNullElse(cooldown, Duration.ofMinutes(5));
    maxAttempts = requireNonNullElse(maxAttempts, 3);
    windows = List.copyOf(requireNonNullElse(windows, List.of()));
  }

  /**
   * Auto repairs; Approve asks a person before each act; DryRun decides and records but does not
   * act; Disabled only tells.
   */
  public enum Mode {
    Auto,
    Approve,
    DryRun,
    Disabled
  }

  /**
   * At most so many acts of this monitor in any window of that length.
   *
   * @param actions How many acts, 1 to 100.
   * @param per The length of the window, more than 0s and at most 24h.
   */
  @Wire
  public record Budget(
      @Default("5") @Min(1) @Max(100) Integer actions,
      @GoDurationText
          @Default("1h")
          @ValidationRule(
              value = "duration(self) > duration('0s') && duration(self) <= duration('24h')",
              message = "per must be greater than 0s and at most 24h")
          Duration per) {
    static final Budget DEFAULT = new Budget(5, Duration.ofHours(1));

    public Budget {
      actions = requireNonNullElse(actions, 5);
      per = requireNonNullElse(per, Duration.ofHours(1));
    }
  }
}
