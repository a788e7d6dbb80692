package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Required;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import java.util.Map;

/**
 * A workload of the monitor's namespace, whose pods must be ready; only in Kubernetes.
 *
 * @param kind Deployment, StatefulSet or DaemonSet.
 * @param name The workload's name.
 */
@Wire
public record WorkloadTarget(@Required Kind kind, @Required @ObjectName String name)
    implements TargetKind {

  /** The shape in which the rest names a workload. */
  public WorkloadRef ref() {
    return new WorkloadRef(kind, name);
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of("desired", Unit.Count, "ready", Unit.Count, "restarts", Unit.Count);
  }
}
