package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.Workloads.Said;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evicts pods by their uid, as {@code kubectl drain} does, so that a PodDisruptionBudget has its
 * say. The ticket on their workload comes first: who does not hold it evicts nothing.
 */
record EvictDeed(Workloads workloads, Action.Evict action) implements Deed {
  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return workloads.look(
        monitor.namespace(),
        action.workload(),
        found -> {
          var pods = OwnPods.of(workloads.client(), action.workload(), found);
          return look.plan() == null
              ? before(found, pods, look.failing())
              : new Said(effect(found, pods, look.plan(), look.failing()), obstacle(found), "");
        });
  }

  private Said before(GenericKubernetesResource found, OwnPods pods, List<PodRef> failing) {
    var theirs = failing.stream().filter(it -> pods.find(it).isPresent()).toList();
    var names = String.join(", ", theirs.stream().map(PodRef::name).toList());
    return new Said(
        Rollout.of(action.workload().kind(), found).effect(),
        obstacle(found, pods, theirs),
        "evicts %d of %d pods: %s".formatted(theirs.size(), pods.count(), names),
        theirs);
  }

  private @Nullable Obstacle obstacle(
      GenericKubernetesResource found, OwnPods pods, List<PodRef> theirs) {
    var standing = obstacle(found);
    if (standing != null) {
      return standing;
    }
    if (theirs.isEmpty()) {
      return Obstacle.passing("no pod to evict", "none of the failing endpoints is a pod of it");
    }
    return theirs.size() == pods.count() && theirs.size() > 1
        ? Obstacle.lasting(
            "all pods fail", "all %d: it is not a matter of single pods".formatted(theirs.size()))
        : null;
  }

  /** That it replaces no pod by itself is no matter: the pods that come are of its template. */
  private @Nullable Obstacle obstacle(GenericKubernetesResource found) {
    var changing = Rollout.of(action.workload().kind(), found).changing();
    return changing == null ? null : Obstacle.passing("being changed by somebody else", changing);
  }

  private Effect effect(
      GenericKubernetesResource found, OwnPods pods, Plan plan, List<PodRef> failing) {
    var there = plan.pods().stream().flatMap(ref -> pods.find(ref).stream()).toList();
    for (var pod : there) {
      if (!pod.isMarkedForDeletion() && failing.contains(OwnPods.ref(pod))) {
        return new Effect.Unfinished(
            "pod " + pod.getMetadata().getName() + " is still to be evicted",
            there.size() < plan.pods().size() || there.stream().anyMatch(Pod::isMarkedForDeletion));
      }
    }
    for (var pod : there) {
      var name = "pod " + pod.getMetadata().getName();
      return new Effect.Underway(
          pod.isMarkedForDeletion()
              ? name + " is ending"
              : name + " is not known to fail any more");
    }
    return switch (Rollout.of(action.workload().kind(), found).effect()) {
      case Effect.Complete _ -> new Effect.Complete("evicted, and replaced");
      case Effect effect -> effect;
    };
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    var ticket = workloads.ticket();
    var taken = ticket.take(monitor.namespace(), plan, this::obstacle, _ -> {});
    if (!(taken instanceof Outcome.Done)) {
      return taken;
    }
    try {
      var found = Kinds.at(workloads.client(), monitor.namespace(), plan.subject()).get();
      if (found == null) {
        return new Outcome.Refused(plan.subject() + " " + Outcome.GONE);
      }
      if (!ticket.isHeld(plan, found)) {
        return new Outcome.Refused(plan.subject() + ": its time is over, or a later act was done");
      }
      var pods = OwnPods.of(workloads.client(), action.workload(), found);
      var refused = new ArrayList<String>();
      // Exactly those that were decided on, and that fail now.
      for (var ref : plan.pods().stream().filter(due.failing()::contains).toList()) {
        pods.find(ref)
            .filter(pod -> !pod.isMarkedForDeletion())
            .map(new Eviction(workloads.client())::evict)
            .filter(why -> !why.isEmpty())
            .ifPresent(refused::add);
      }
      return refused.isEmpty()
          ? new Outcome.Done()
          : new Outcome.Failed(String.join("; ", refused));
    } catch (KubernetesClientException e) {
      return ticket.outcome(plan.subject(), monitor.namespace(), e);
    }
  }
}
