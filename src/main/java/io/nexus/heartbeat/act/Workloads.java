package io.nexus.heartbeat.act;

import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.WorkloadFacts;

/** The workloads that may be repaired. */
public interface Workloads {

  /** Reads it live. Never throws: what went wrong is in the facts. */
  WorkloadFacts look(String namespace, WorkloadRef workload);

  /**
   * Restarts a workload by a compare-and-set on it, once for a plan however often and by however
   * many it is asked. The gates that can be seen on the workload are judged again on what is
   * replaced: identity, opt-in, sequence, being changed by somebody else.
   */
  Outcome restart(String namespace, Plan plan) throws InterruptedException;

  /**
   * Sees to it that this plan is never done, though somebody else may hold it who has not heard:
   * the workload is given the plan's sequence number, so that whoever comes later is refused.
   *
   * @return Done when it was done already, Refused when it never will be, Failed when neither is
   *     known
   */
  Outcome callOff(String namespace, Plan plan) throws InterruptedException;

  /** What came of an act. */
  sealed interface Outcome {
    /** It is done; by an earlier try of the same plan, perhaps. */
    record Done() implements Outcome {}

    /** A gate closed since it was planned; nothing was touched. */
    record Refused(String why) implements Outcome {}

    /**
     * Whether it was done is not known, or the API server failed; the same plan may be tried again.
     */
    record Failed(String why) implements Outcome {}
  }

  /** Where there is no Kubernetes. */
  Workloads NONE =
      new Workloads() {
        private static final String WHY =
            "there is no Kubernetes here; 'restart' works in the operator";

        @Override
        public WorkloadFacts look(String namespace, WorkloadRef workload) {
          return new WorkloadFacts.Unreadable(WHY);
        }

        @Override
        public Outcome restart(String namespace, Plan plan) {
          return new Outcome.Refused(WHY);
        }

        @Override
        public Outcome callOff(String namespace, Plan plan) {
          return new Outcome.Refused(WHY);
        }
      };
}
