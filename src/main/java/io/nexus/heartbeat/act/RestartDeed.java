package io.nexus.heartbeat.act;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.decide.Facts;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** As {@code kubectl rollout restart} does it, by the template's annotation. */
record RestartDeed(Workloads workloads, Action.Restart action) implements Deed {

  /** What {@code kubectl rollout restart} writes, so that its history reads the same. */
  static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  @Override
  public Facts look(MonitorRef monitor, @Nullable Plan plan) {
    return workloads.look(monitor.namespace(), action.workload(), Rollout::obstacle);
  }

  @Override
  public Outcome perform(MonitorRef monitor, Plan plan) throws InterruptedException {
    var now = workloads.ticket().clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return workloads
        .ticket()
        .take(
            monitor.namespace(),
            plan,
            found -> Rollout.of(action.workload().kind(), found).obstacle(),
            found -> Templates.annotations(found).put(RESTARTED_AT, now));
  }
}
