package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/**
 * A workload of the monitor's namespace that gets more replicas for a while; never fewer. Where a
 * HorizontalPodAutoscaler scales it the rung is passed by.
 *
 * @param kind Deployment or StatefulSet.
 * @param name The workload's name.
 * @param replicas To how many it is raised, 1 to 1000. Where it has as many the rung is passed by.
 * @param keepFor After this time the replicas it had are put back, unless somebody has set others
 *     meanwhile. More than 0s and at most 168h.
 */
@Wire
public record Scale(
    @Required @Among({"Deployment", "StatefulSet"}) WorkloadRef.Kind kind,
    @Required @ObjectName String name,
    @Required @Min(1) @Max(1000) Integer replicas,
    @GoDurationText
        @Default("1h")
        @ValidationRule(
            value = "duration(self) > duration('0s') && duration(self) <= duration('168h')",
            message = "keepFor must be greater than 0s and at most 168h")
        Duration keepFor)
    implements Action {

  public Scale {
    keepFor = requireNonNullElse(keepFor, Duration.ofHours(1));
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
    return "scale " + workload() + " to " + replicas;
  }

  @Override
  public String past() {
    return "scaled " + workload() + " to " + replicas;
  }
}
