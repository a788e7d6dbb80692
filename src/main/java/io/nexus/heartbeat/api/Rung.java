package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One step of the repair ladder. Exactly one of the acts, from {@code restart} to {@code notify},
 * is set.
 *
 * @param restart Restarts the pods of this workload, as kubectl rollout restart does. The workload
 *     must carry the label heartbeat.nexus.io/recovery=allowed.
 * @param systemdRestart Restarts a unit of this machine's systemd.
 * @param command Runs a program of this machine.
 * @param tell Tells people, touches nothing.
 * @param minimumLevel The level at which this rung is tried, Degraded or Critical; that or worse,
 *     never Unknown.
 * @param after How long the incident must have lasted before this rung is tried.
 * @param verify When the act counts as having helped.
 */
@Wire
@ExactlyOne({"restart", "systemdRestart", "command", "notify"})
public record Rung(
    @ClusterOnly @Nullable WorkloadRef restart,
    @HostOnly @Nullable SystemdRestart systemdRestart,
    @HostOnly @Nullable Command command,
    @JsonProperty("notify") @Nullable Notify tell,
    // Not a plain 'on': YAML 1.1, which kubectl reads, takes that key for the boolean true.
    @Default("Critical") @Among({"Degraded", "Critical"}) Level minimumLevel,
    @GoDurationText @Default("0s") Duration after,
    @Default("{}") Verify verify) {

  public Rung {
    minimumLevel = requireNonNullElse(minimumLevel, Level.Critical);
    after = requireNonNullElse(after, Duration.ZERO);
    verify = requireNonNullElse(verify, Verify.DEFAULT);
  }

  /** What it does to the world; empty: it only tells. */
  @JsonIgnore
  public Optional<Action> action() {
    return Optional.<Action>empty()
        .or(() -> Optional.ofNullable(restart).map(Action.Restart::new))
        .or(() -> Optional.ofNullable(systemdRestart).map(Action.RestartUnit::new))
        .or(() -> Optional.ofNullable(command).map(Action.RunCommand::new));
  }

  /** Tells people, touches nothing. */
  @Wire
  public record Notify() {}

  /**
   * An act helped when so many checks in a row, begun after it, found the target well in time.
   *
   * @param successes How many checks in a row, begun after the act, must find the target well, 1 to
   *     20.
   * @param within In what time, counted from when the act's effect is complete; more than 0s.
   */
  @Wire
  public record Verify(
      @Default("3") @Min(1) @Max(20) Integer successes,
      @GoDurationText
          @Default("5m")
          @ValidationRule(
              value = "duration(self) > duration('0s')",
              message = "within must be greater than 0s")
          Duration within) {
    public static final Verify DEFAULT = new Verify(3, Duration.ofMinutes(5));

    public Verify {
      successes = requireNonNullElse(successes, 3);
      within = requireNonNullElse(within, Duration.ofMinutes(5));
    }
  }
}
