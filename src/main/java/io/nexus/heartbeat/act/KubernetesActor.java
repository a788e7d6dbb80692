package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Clean;
import io.nexus.heartbeat.api.Command;
import io.nexus.heartbeat.api.JobSource;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.Rollback;
import io.nexus.heartbeat.api.Scale;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.decide.CleanupConsent;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Repairs what lives in a cluster. */
public final class KubernetesActor implements Actor {
  /** The role that a namespace's owner binds to let Heartbeat act there. */
  public static final String ROLE = "heartbeat-actor";

  /** The role that it binds for acts that make Jobs. */
  public static final String JOBS_ROLE = "heartbeat-jobs";

  private final Workloads workloads;
  private final Ticket cronJobs;
  private final Ticket claims;
  private final @Nullable String image;
  private final Duration served;
  private final Calls calls;
  private final InstantSource clock;

  /**
   * @param image of Heartbeat, for Jobs that run it; null: nobody said which
   */
  public KubernetesActor(
      KubernetesClient client, InstantSource clock, Calls calls, @Nullable String image) {
    this(client, clock, calls, image, Revisions.SERVED);
  }

  /**
   * @param served how long a revision must have been in service to be rolled back to
   */
  KubernetesActor(
      KubernetesClient client,
      InstantSource clock,
      Calls calls,
      @Nullable String image,
      Duration served) {
    this.image = image;
    this.clock = clock;
    this.calls = calls;
    this.served = served;
    this.workloads = new Workloads(client, clock);
    this.cronJobs = new Ticket(client, clock, Marks.RECOVERY, JOBS_ROLE);
    this.claims = new Ticket(client, clock, CleanupConsent.LABEL, JOBS_ROLE);
  }

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return deed(look.action()).look(monitor, look);
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    return plan.subject().equals(due.action().subject())
        ? deed(due.action()).perform(monitor, due)
        : new Outcome.Refused("planned was '%s' on %s".formatted(plan.action(), plan.subject()));
  }

  @Override
  public Outcome callOff(MonitorRef monitor, Plan plan) throws InterruptedException {
    return plan.subject().kind().equals("Webhook")
        ? new Outcome.Refused("called off") // whoever is called cannot be kept from hearing of it
        : ticket(plan).callOff(monitor.namespace(), plan);
  }

  @Override
  public Outcome putBack(MonitorRef monitor, Raised raised) throws InterruptedException {
    return ScaledMark.putBack(
        workloads.ticket(), monitor.namespace(), raised.workload(), raised.until());
  }

  private Deed deed(Action action) {
    return switch (action) {
      case Action.Restart restart -> new RestartDeed(workloads, restart);
      case Action.Evict evict -> new EvictDeed(workloads, evict);
      case Rollback rollback -> new RollbackDeed(workloads, rollback, served);
      case SystemdRestart _, Command _ -> new HostDeed(action);
      case Scale scale -> new ScaleDeed(workloads, scale);
      case JobSource job -> new JobDeed(cronJobs, job);
      case Clean clean -> new CleanupDeed(claims, clean, image);
      case Webhook webhook -> new WebhookDeed(calls, webhook, clock);
    };
  }

  private Ticket ticket(Plan plan) {
    return switch (plan.subject().kind()) {
      case "CronJob" -> cronJobs;
      case Clean.CLAIM -> claims;
      default -> workloads.ticket();
    };
  }
}
