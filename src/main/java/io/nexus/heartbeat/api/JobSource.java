package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/**
 * A Job that is made of a CronJob's template, as {@code kubectl create job --from} does it; tried
 * once. The CronJob must carry the label heartbeat.nexus.io/recovery=allowed, and may be suspended.
 *
 * @param fromCronJob A CronJob of the monitor's namespace.
 * @param deadline How long the Job may run, 1s to 6h; then it is ended and has failed.
 */
@Wire
public record JobSource(
    @Required @ObjectName String fromCronJob,
    @GoDurationText
        @Default("10m")
        @ValidationRule(
            value = "duration(self) >= duration('1s') && duration(self) <= duration('6h')",
            message = "deadline must be at least 1s and at most 6h")
        Duration deadline)
    implements Action {

  public JobSource {
    deadline = requireNonNullElse(deadline, Duration.ofMinutes(10));
  }

  @Override
  public Subject subject() {
    return new Subject("CronJob", fromCronJob);
  }

  @Override
  public String words() {
    return "run a Job of " + subject();
  }

  @Override
  public String past() {
    return "ran a Job of " + subject();
  }

  /** It is ended by then, and its pod may take its time to end. */
  @Override
  public Duration effectWithin() {
    return deadline.plusMinutes(2);
  }
}
