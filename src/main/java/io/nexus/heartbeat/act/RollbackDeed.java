package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.Workloads.Said;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Rollback;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * As {@code kubectl rollout undo} does it: the template of an earlier revision is the template
 * again, in the same write as the ticket.
 */
record RollbackDeed(Workloads workloads, Rollback action, Duration served) implements Deed {

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return workloads.look(
        monitor.namespace(),
        workload(),
        found -> {
          var rollout = Rollout.of(workload().kind(), found);
          if (look.plan() != null) {
            return new Said(effect(found, rollout), obstacle(found, rollout), "");
          }
          var revisions = revisions(found);
          return new Said(rollout.effect(), obstacle(found, revisions), affects(revisions));
        });
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    var taken = takeBack(monitor, plan);
    if (!(taken instanceof Outcome.Done) || workload().kind() != WorkloadRef.Kind.StatefulSet) {
      return taken;
    }
    var ticket = workloads.ticket();
    try {
      var found = Kinds.at(workloads.client(), monitor.namespace(), plan.subject()).get();
      if (found == null || !ticket.isHeld(plan, found)) {
        return taken;
      }
      var eviction = new Eviction(workloads.client());
      var refused = leftBehind(found).map(eviction::evict).filter(it -> !it.isEmpty()).toList();
      return refused.isEmpty() ? taken : new Outcome.Failed(String.join("; ", refused));
    } catch (KubernetesClientException e) {
      return ticket.outcome(plan.subject(), monitor.namespace(), e);
    }
  }

  private Outcome takeBack(MonitorRef monitor, Plan plan) throws InterruptedException {
    return workloads
        .ticket()
        .take(
            monitor.namespace(),
            plan,
            found -> obstacle(found, revisions(found)),
            found ->
                revisions(found)
                    .before()
                    .ifPresent(
                        before ->
                            Templates.spec(found).put("template", Revisions.restorable(before))));
  }

  private WorkloadRef workload() {
    return action.workload();
  }

  private Revisions revisions(GenericKubernetesResource found) {
    return Revisions.of(workloads.client(), workload(), found, served);
  }

  /** With the pods that keep a StatefulSet from taking its template back. */
  private Effect effect(GenericKubernetesResource found, Rollout rollout) {
    return workload().kind() != WorkloadRef.Kind.StatefulSet || rollout.complete()
        ? rollout.effect()
        : leftBehind(found)
            .findFirst()
            .<Effect>map(
                pod ->
                    new Effect.Unfinished(
                        "pod " + pod.getMetadata().getName() + " is still to be evicted", true))
            .orElseGet(rollout::effect);
  }

  private Stream<Pod> leftBehind(GenericKubernetesResource found) {
    var seen = Replicas.number(found, 0, "status", "observedGeneration");
    return seen == found.getMetadata().getGeneration()
            && found.<Object>get("status", "updateRevision") instanceof String revision
        ? OwnPods.of(workloads.client(), workload(), found).leftBehindBy(revision)
        : Stream.empty();
  }

  /** A rollout that is stuck is what this is for, when it is not paused and nobody deletes it. */
  private @Nullable Obstacle obstacle(GenericKubernetesResource found, Rollout rollout) {
    return switch (rollout.phase()) {
      case Stuck -> null;
      case Moving -> isStuck(found) ? null : rollout.obstacle();
      case Settled, Held, Empty -> rollout.obstacle();
    };
  }

  /**
   * Only a Deployment says so itself. The others replace no more pods while one of the new ones is
   * not Ready; how long a Deployment would wait for it by default is long enough.
   */
  private boolean isStuck(GenericKubernetesResource found) {
    if (workload().kind() == WorkloadRef.Kind.Deployment) {
      return false;
    }
    return revisions(found)
        .present()
        .filter(
            newest ->
                OwnPods.of(workloads.client(), workload(), found)
                    .neverReady(newest.since(), Action.ROLLOUT, now())
                    .findAny()
                    .isPresent())
        .isPresent();
  }

  private @Nullable Obstacle obstacle(GenericKubernetesResource found, Revisions revisions) {
    var moving = obstacle(found, Rollout.of(workload().kind(), found));
    if (moving != null) {
      return moving;
    }
    var owner = FieldOwners.of(found).ofTemplate();
    if (owner.isPresent()) {
      return Obstacle.lasting("owned by somebody else", owner.get() + ": roll back there");
    }
    var before = revisions.before();
    var since = revisions.presentSince();
    if (before.isEmpty() || since.isEmpty()) {
      return Obstacle.lasting(
          "nothing to roll back to",
          "no earlier revision differs and was in service for " + Words.of(served));
    }
    var age = Duration.between(since.get(), now());
    return age.compareTo(action.newerThan()) > 0
        ? Obstacle.lasting(
            "not the revision's doing",
            "the present one serves since %s, longer than %s"
                .formatted(Words.of(since.get()), Words.of(action.newerThan())))
        : null;
  }

  private Instant now() {
    return workloads.clock().instant();
  }

  private static String affects(Revisions revisions) {
    return revisions.present().isPresent() && revisions.before().isPresent()
        ? "replaces all its pods by those of revision %d; now it is at %d"
            .formatted(revisions.before().get().number(), revisions.present().get().number())
        : "";
  }
}
