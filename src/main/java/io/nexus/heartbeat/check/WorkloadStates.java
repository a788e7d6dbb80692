package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.net.Deadline;
import java.util.List;

/** How the workloads of the monitor's namespace are. */
public interface WorkloadStates {

  /**
   * @throws NotTold saying what is missing (the workload, a right, the API server) and how to mend
   *     it
   */
  State of(WorkloadRef workload, Deadline deadline) throws NotTold, InterruptedException;

  /**
   * @param desired pods that should be there
   * @param ready pods that are ready
   * @param pods those that are not about to go
   */
  record State(long desired, long ready, Progress progress, List<PodState> pods) {}

  /** Where its newest version is. */
  sealed interface Progress {
    /** It is rolled out, however its pods are now. */
    record Settled() implements Progress {}

    /** So far, in words. */
    record Moving(String words) implements Progress {}

    /** It does not come to its end, in words. */
    record Stuck(String words) implements Progress {}

    /** Somebody holds it, or does away with it, in words. */
    record Held(String words) implements Progress {}
  }

  /**
   * @param restarts of all its containers
   * @param trouble why it is not ready, in words; empty when nothing says why
   * @param hopeless it does not become ready by waiting alone
   */
  record PodState(String name, boolean ready, long restarts, String trouble, boolean hopeless) {}

  /** Without Kubernetes there are no workloads. */
  WorkloadStates NONE =
      (workload, _) -> {
        throw new NotTold(
            workload + ": a target of kind workload needs Kubernetes; use http or tcp here");
      };
}
