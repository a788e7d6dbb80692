package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.api.WorkloadRef.Kind;

/** How many pods a workload should have. */
final class Replicas {
  private Replicas() {}

  static long wanted(Kind kind, GenericKubernetesResource workload) {
    return switch (kind) {
      case Deployment, StatefulSet -> number(workload, 1, "spec", "replicas");
      case DaemonSet -> number(workload, 0, "status", "desiredNumberScheduled");
    };
  }

  static long number(GenericKubernetesResource of, long otherwise, Object... path) {
    return of.<Object>get(path) instanceof Number number ? number.longValue() : otherwise;
  }
}
