package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.nexus.heartbeat.api.HeartbeatMonitor;

/**
 * A monitor whose spec cannot be understood: stored before the CRD's schema was as strict as now,
 * or by another version. It is carried as far as the reconciler, which says so, because an informer
 * that meets an object it cannot read stops, and with it every other monitor.
 */
@Group(HeartbeatMonitor.GROUP) // Fabric8 looks for these on the very class
@Version("v1alpha1")
@Kind("HeartbeatMonitor")
@Plural("heartbeatmonitors")
final class UnreadableMonitor extends HeartbeatMonitor {
  private static final long serialVersionUID = 1;

  private final String problem;

  UnreadableMonitor(String problem) {
    this.problem = problem;
  }

  /** Which field, and what is wrong with it. */
  String problem() {
    return problem;
  }
}
