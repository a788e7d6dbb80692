package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.Workloads.Said;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** As {@code kubectl rollout restart} does it, by the template's annotation. */
record RestartDeed(Workloads workloads, Action.Restart action) implements Deed {

  /** What {@code kubectl rollout restart} writes, so that its history reads the same. */
  static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return workloads.look(
        monitor.namespace(),
        action.workload(),
        found ->
            new Said(
                Rollout.of(action.workload().kind(), found).effect(),
                obstacle(found),
                affects(found)));
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    var now = workloads.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return workloads
        .ticket()
        .take(
            monitor.namespace(),
            plan,
            this::obstacle,
            found -> Templates.annotations(found).put(RESTARTED_AT, now));
  }

  private @Nullable Obstacle obstacle(GenericKubernetesResource found) {
    var moving = Rollout.of(action.workload().kind(), found).obstacle();
    return moving != null
        ? moving
        : FieldOwners.of(found)
            .ofRestart()
            .map(why -> Obstacle.lasting("owned by somebody else", why))
            .orElse(null);
  }

  private String affects(GenericKubernetesResource found) {
    var pods = Replicas.wanted(action.workload().kind(), found);
    var how =
        "Recreate".equals(found.<Object>get("spec", "strategy", "type"))
                && action.workload().kind() == Kind.Deployment
            ? "all at once (its strategy is Recreate)"
            : "as its update strategy says";
    return "replaces %s, %s".formatted(pods == 1 ? "its pod" : "its " + pods + " pods", how);
  }
}
