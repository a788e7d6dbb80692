package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.Workloads.Said;
import io.nexus.heartbeat.api.Scale;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Words;
import org.jspecify.annotations.Nullable;

/**
 * Raises spec.replicas in the same write as the ticket, and writes beside it what it was and until
 * when, so that whoever leads then can put it back.
 */
record ScaleDeed(Workloads workloads, Scale action) implements Deed {

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return workloads.look(
        monitor.namespace(),
        workload(),
        found -> {
          var rollout = Rollout.of(workload().kind(), found);
          return look.plan() == null
              ? new Said(rollout.effect(), obstacle(found), affects(found))
              : new Said(rollout.effect(), rollout.obstacle(), "");
        });
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    var until = workloads.clock().instant().plus(action.keepFor());
    return workloads
        .ticket()
        .take(
            monitor.namespace(),
            plan,
            this::obstacle,
            found -> {
              var raised = action.replicas();
              ScaledMark.of(found)
                  .filter(mark -> mark.standsOn(workload().kind(), found))
                  .orElseGet(() -> new ScaledMark(replicas(found), raised, until))
                  .to(raised, until)
                  .writeOn(found);
              Templates.spec(found).put("replicas", raised);
            });
  }

  private WorkloadRef workload() {
    return action.workload();
  }

  private @Nullable Obstacle obstacle(GenericKubernetesResource found) {
    var rollout = Rollout.of(workload().kind(), found);
    if (rollout.changing() != null) {
      return Obstacle.passing("being changed by somebody else", rollout.changing());
    }
    var scalers =
        Kinds.all(
            workloads.client(), found.getMetadata().getNamespace(), "HorizontalPodAutoscaler");
    var owner =
        Autoscalers.of(scalers.list().getItems(), workload())
            .or(() -> FieldOwners.of(found).ofReplicas());
    if (owner.isPresent()) {
      return Obstacle.lasting("owned by somebody else", owner.get());
    }
    return replicas(found) >= action.replicas()
        ? Obstacle.lasting("nothing to raise", "it has %d replicas".formatted(replicas(found)))
        : null;
  }

  private long replicas(GenericKubernetesResource found) {
    return Replicas.wanted(workload().kind(), found);
  }

  private String affects(GenericKubernetesResource found) {
    return "%d replicas become %d for %s"
        .formatted(replicas(found), action.replicas(), Words.of(action.keepFor()));
  }
}
