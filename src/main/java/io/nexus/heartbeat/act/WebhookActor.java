package io.nexus.heartbeat.act;

import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import java.time.InstantSource;

/** Where there is no Kubernetes: a program of one's own can be asked from anywhere. */
public record WebhookActor(Calls calls, InstantSource clock) implements Actor {

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return look.action() instanceof Webhook webhook
        ? new WebhookDeed(calls, webhook, clock).look(monitor, look)
        : NONE.look(monitor, look);
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    return due.action() instanceof Webhook webhook
        ? new WebhookDeed(calls, webhook, clock).perform(monitor, due)
        : NONE.perform(monitor, due);
  }

  @Override
  public Outcome callOff(MonitorRef monitor, Plan plan) throws InterruptedException {
    return NONE.callOff(monitor, plan);
  }
}
