package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.Workloads.Said;
import io.nexus.heartbeat.api.Scale;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Words;
import java.util.Map;
import java.util.Optional;
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
              Raised.of(found)
                  .orElseGet(() -> new Raised(replicas(found), raised, until))
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
    var scaler = autoscaler(found.getMetadata().getNamespace());
    if (scaler.isPresent()) {
      return Obstacle.lasting("its replicas are somebody else's", scaler.get() + " scales it");
    }
    var owner = FieldOwners.of(found).whoOwns("f:spec", "f:replicas");
    if (owner.isPresent()) {
      return Obstacle.lasting(
          "its replicas are somebody else's", owner.get() + " would put them back");
    }
    return replicas(found) >= action.replicas()
        ? Obstacle.lasting("nothing to raise", "it has %d replicas".formatted(replicas(found)))
        : null;
  }

  private Optional<Subject> autoscaler(String namespace) {
    return Kinds.all(workloads.client(), namespace, "HorizontalPodAutoscaler")
        .list()
        .getItems()
        .stream()
        .filter(
            it ->
                it.<Object>get("spec", "scaleTargetRef") instanceof Map<?, ?> ref
                    && workload().kind().name().equals(ref.get("kind"))
                    && workload().name().equals(ref.get("name")))
        .map(it -> new Subject("HorizontalPodAutoscaler", it.getMetadata().getName()))
        .findFirst();
  }

  private long replicas(GenericKubernetesResource found) {
    return Replicas.wanted(workload().kind(), found);
  }

  private String affects(GenericKubernetesResource found) {
    return "%d replicas become %d for %s"
        .formatted(replicas(found), action.replicas(), Words.of(action.keepFor()));
  }
}
