package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One step of the repair ladder. Exactly one of the acts, from {@code restart} to {@code notify},
 * is set.
 *
 * @param restart Restarts the pods of this workload, as kubectl rollout restart does. The workload
 *     must carry the label heartbeat.nexus.io/recovery=allowed.
 * @param evict Evicts those pods of this workload that fail, and no other, as kubectl drain does: a
 *     PodDisruptionBudget may forbid it. Only for a target that checks every endpoint of a Service.
 *     When all of several fail it is passed by. The workload must carry the label
 *     heartbeat.nexus.io/recovery=allowed.
 * @param rollback Gives this workload the pod template back that it had before. The workload must
 *     carry the label heartbeat.nexus.io/recovery=allowed.
 * @param scale Gives this workload more replicas for a while. The workload must carry the label
 *     heartbeat.nexus.io/recovery=allowed.
 * @param job Runs a Job of a CronJob's template.
 * @param systemdRestart Restarts a unit of this machine's systemd.
 * @param command Runs a program of this machine.
 * @param cleanup Deletes old files of what the target measures. Only for a target of kind disk with
 *     a persistentVolumeClaim, which must carry the label heartbeat.nexus.io/cleanup=allowed and,
 *     in the annotation heartbeat.nexus.io/cleanup-paths, the paths; or, on a host, with a path.
 * @param webhook Asks a program of one's own, over HTTP.
 * @param tell Tells people, touches nothing.
 * @param minimumLevel The level at which this rung is tried, Degraded or Critical; that or worse,
 *     never Unknown.
 * @param after How long the incident must have lasted before this rung is tried.
 * @param verify When the act counts as having helped.
 */
@Wire
@ExactlyOne({
  "restart",
  "evict",
  "rollback",
  "scale",
  "job",
  "cleanup",
  "systemdRestart",
  "command",
  "webhook",
  "notify"
})
public record Rung(
    @ClusterOnly @Nullable WorkloadRef restart,
    @ClusterOnly @Nullable WorkloadRef evict,
    @ClusterOnly @Nullable Rollback rollback,
    @ClusterOnly @Nullable Scale scale,
    @ClusterOnly @Nullable JobSource job,
    @Nullable Cleanup cleanup,
    @HostOnly @Nullable SystemdRestart systemdRestart,
    @HostOnly @Nullable Command command,
    @Nullable Webhook webhook,
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

  /** What it does to the world for this target; empty: it only tells. */
  public Optional<Action> action(Target target) {
    return Stream.<@Nullable Action>of(
            restart == null ? null : new Action.Restart(restart),
            evict == null ? null : new Action.Evict(evict),
            rollback,
            scale,
            job,
            systemdRestart,
            command,
            cleanup == null || target.disk() == null ? null : Clean.of(cleanup, target.disk()),
            webhook)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .findFirst();
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
