package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import java.time.InstantSource;

/** Repairs what lives in a cluster. */
public final class KubernetesActor implements Actor {
  /** The role that a namespace's owner binds to let Heartbeat act there. */
  public static final String ROLE = "heartbeat-actor";

  private final Workloads workloads;

  public KubernetesActor(KubernetesClient client, InstantSource clock) {
    this.workloads = new Workloads(client, clock);
  }

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return deed(look.action()).look(monitor, look.plan());
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    var action = due.action();
    return plan.subject().equals(action.subject())
        ? deed(action).perform(monitor, plan)
        : new Outcome.Refused("planned was '%s' on %s".formatted(plan.action(), plan.subject()));
  }

  @Override
  public Outcome callOff(MonitorRef monitor, Plan plan) throws InterruptedException {
    return workloads.ticket().callOff(monitor.namespace(), plan);
  }

  private Deed deed(Action action) {
    return switch (action) {
      case Action.Restart restart -> new RestartDeed(workloads, restart);
      case Action.RestartUnit _, Action.RunCommand _ -> new HostDeed(action);
    };
  }
}
