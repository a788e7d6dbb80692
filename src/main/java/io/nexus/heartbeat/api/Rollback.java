package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/**
 * A workload of the monitor's namespace that gets the pod template back which it had before: that
 * of the newest revision which differs by more than a restart and was in service for ten minutes or
 * more. Without such a revision, and when the present one has served longer than {@code newerThan},
 * the rung is passed by.
 *
 * @param kind Deployment, StatefulSet or DaemonSet.
 * @param name The workload's name.
 * @param newerThan Only a revision that is newer than this is rolled back: what has served for long
 *     is not the cause. More than 0s.
 */
@Wire
public record Rollback(
    @Required WorkloadRef.Kind kind,
    @Required @ObjectName String name,
    @GoDurationText
        @Default("24h")
        @ValidationRule(
            value = "duration(self) > duration('0s')",
            message = "newerThan must be greater than 0s")
        Duration newerThan)
    implements Action {

  public Rollback {
    newerThan = requireNonNullElse(newerThan, Duration.ofHours(24));
  }

  @JsonIgnore
  public WorkloadRef workload() {
    return new WorkloadRef(kind, name);
  }

  @Override
  public Subject subject() {
    return workload().subject();
  }

  @Override
  public String words() {
    return "roll back " + workload();
  }

  @Override
  public String past() {
    return "rolled back " + workload();
  }
}
