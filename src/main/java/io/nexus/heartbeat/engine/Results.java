package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.ActResult;
import java.util.HashMap;
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

  /** With what was found out since, which is so. */
  Results and(Map<String, ActResult> more) {
    var all = new HashMap<>(acts);
    all.putAll(more);
    return new Results(all, putBack);
  }

  /** Each of these is known; a plan is done once, so that this is so at last. */
  boolean says(Map<String, ActResult> more) {
    return acts.entrySet().containsAll(more.entrySet());
  }

  boolean isEmpty() {
    return acts.isEmpty() && putBack.isEmpty();
  }
}
