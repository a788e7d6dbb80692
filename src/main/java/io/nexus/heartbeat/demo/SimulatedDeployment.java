package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.act.Workloads;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.WorkloadFacts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment without Kubernetes, for the demo on a host: its pods are new a moment after a
 * restart. What the engine sees of it, and asks of it, is the same.
 */
final class SimulatedDeployment implements Workloads {
  private static final Duration ROLLOUT = Duration.ofMillis(800);
  private static final String UID = "simulated";

  private final WorkloadRef ref;
  private long sequence;
  private @Nullable String lastAction;
  private long restartedAt = System.nanoTime() - ROLLOUT.toNanos();
  private boolean restarted;

  SimulatedDeployment(WorkloadRef ref) {
    this.ref = ref;
  }

  /** It was restarted, and the restart is complete. */
  synchronized boolean isNew() {
    return restarted && isRolledOut();
  }

  private boolean isRolledOut() {
    return System.nanoTime() - restartedAt >= ROLLOUT.toNanos();
  }

  @Override
  public synchronized WorkloadFacts look(String namespace, WorkloadRef workload) {
    if (!workload.equals(ref)) {
      return new WorkloadFacts.Missing();
    }
    var complete = isRolledOut();
    return new WorkloadFacts.Found(
        UID, true, sequence, lastAction, complete, complete ? null : "rollout in progress", null);
  }

  @Override
  public synchronized Outcome restart(String namespace, Plan plan) {
    if (plan.id().equals(lastAction)) {
      return new Outcome.Done();
    }
    if (!plan.workload().equals(ref) || plan.sequence() <= sequence) {
      return new Outcome.Refused("a later act was done on " + plan.workload());
    }
    sequence = plan.sequence();
    lastAction = plan.id();
    restartedAt = System.nanoTime();
    restarted = true;
    return new Outcome.Done();
  }

  @Override
  public synchronized Outcome callOff(String namespace, Plan plan) {
    if (plan.id().equals(lastAction)) {
      return new Outcome.Done();
    }
    sequence = Math.max(sequence, plan.sequence());
    return new Outcome.Refused("called off");
  }
}
