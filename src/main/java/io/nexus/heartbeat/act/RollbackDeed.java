package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.Workloads.Said;
import io.nexus.heartbeat.api.Rollback;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Words;
import java.time.Duration;
import java.time.Instant;
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
            return new Said(rollout.effect(), obstacle(rollout), "");
          }
          var revisions = revisions(found);
          return new Said(rollout.effect(), obstacle(found, revisions), affects(revisions));
        });
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
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

  /** A rollout that is stuck is what this is for, when it is not paused and nobody deletes it. */
  private static @Nullable Obstacle obstacle(Rollout rollout) {
    return rollout.phase() == Rollout.Phase.Stuck ? null : rollout.obstacle();
  }

  private @Nullable Obstacle obstacle(GenericKubernetesResource found, Revisions revisions) {
    var moving = obstacle(Rollout.of(workload().kind(), found));
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
