package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** As {@code kubectl rollout restart} does it, by the template's annotation. */
record RestartDeed(Workloads workloads, Action.Restart action) implements Deed {

  /** What {@code kubectl rollout restart} writes, so that its history reads the same. */
  static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  @Override
  public Facts look(MonitorRef monitor, @Nullable Plan plan) {
    return workloads.read(
        monitor.namespace(),
        action.workload(),
        found ->
            workloads.found(
                monitor.namespace(),
                action.workload(),
                found,
                Workloads.effect(Rollout.of(action.workload().kind(), found)),
                obstacle(found)));
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

  @Override
  public Outcome perform(MonitorRef monitor, Plan plan) throws InterruptedException {
    var now = workloads.ticket().clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return workloads
        .ticket()
        .take(
            monitor.namespace(),
            plan,
            this::obstacle,
            found -> Templates.annotations(found).put(RESTARTED_AT, now));
  }
}
