package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.ActResult;
import java.util.Map;
import java.util.Set;

/**
 * What came of what was decided.
 *
 * @param acts by plan id
 * @param putBack workloads that have the replicas again which they had
 */
record Results(Map<String, ActResult> acts, Set<WorkloadRef> putBack) {
  static final Results NONE = new Results(Map.of(), Set.of());

  static Results of(Map<String, ActResult> acts) {
    return new Results(acts, Set.of());
  }

  boolean isEmpty() {
    return acts.isEmpty() && putBack.isEmpty();
  }
}
