package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment without Kubernetes, for the demo on a host: its pods are new a moment after a
 * restart. What the engine sees of it, and asks of it, is the same.
 */
final class SimulatedDeployment implements Actor {
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
  public synchronized Facts look(MonitorRef monitor, Look look) {
    if (!look.action().subject().equals(ref.subject())) {
      return new Facts.Missing();
    }
    var complete = isRolledOut();
    return new Facts.Found(
        UID,
        null,
        sequence,
        lastAction,
        complete ? new Effect.Complete("rolled out") : new Effect.Underway("rolling out"),
        complete ? null : Obstacle.passing("being changed by somebody else", "rollout in progress"),
        "replaces its pod",
        List.of());
  }

  @Override
  public synchronized Outcome perform(MonitorRef monitor, Due due) {
    var plan = due.plan();
    if (plan.id().equals(lastAction)) {
      return new Outcome.Done();
    }
    if (!plan.subject().equals(ref.subject()) || plan.sequence() <= sequence) {
      return new Outcome.Refused("a later act was done on " + plan.subject());
    }
    sequence = plan.sequence();
    lastAction = plan.id();
    restartedAt = System.nanoTime();
    restarted = true;
    return new Outcome.Done();
  }

  @Override
  public synchronized Outcome callOff(MonitorRef monitor, Plan plan) {
    if (plan.id().equals(lastAction)) {
      return new Outcome.Done();
    }
    sequence = Math.max(sequence, plan.sequence());
    return new Outcome.Refused("called off");
  }
}
