package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.generator.annotation.Required;

/**
 * A workload of the monitor's namespace.
 *
 * @param kind Deployment, StatefulSet or DaemonSet.
 * @param name The workload's name.
 */
@Wire
public record WorkloadRef(@Required Kind kind, @Required @ObjectName String name) {

  /** Of {@code apps/v1}. */
  public enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet
  }

  @JsonIgnore
  public Subject subject() {
    return new Subject(kind.name(), name);
  }

  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
