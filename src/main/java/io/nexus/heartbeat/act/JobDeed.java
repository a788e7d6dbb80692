package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.JobSource;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Words;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a Job that is named by the act's id, so that there is one however often it is asked for.
 * The ticket on its CronJob comes first.
 */
record JobDeed(Ticket ticket, JobSource action) implements Deed {
  /** Longer than any plan stands that could make it once more. */
  private static final Duration KEPT = Duration.ofHours(24);

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    try {
      var found = cronJob(monitor);
      if (found == null) {
        return new Facts.Missing();
      }
      var marks = Marks.of(found, ticket.label());
      return new Facts.Found(
          found.getMetadata().getUid(),
          marks.released()
              ? null
              : Marks.release(action.subject(), monitor.namespace(), ticket.label()),
          marks.sequence(),
          marks.lastAction(),
          look.plan() == null ? new Effect.Complete("") : effect(monitor, look.plan()),
          look.plan() == null ? obstacle(ticket, found) : null,
          "runs one Job of %s, for %s at most"
              .formatted(action.subject(), Words.of(action.deadline())),
          List.of());
    } catch (NumberFormatException _) {
      return new Facts.Unreadable(Marks.badSequence(action.subject()));
    } catch (KubernetesClientException e) {
      return new Facts.Unreadable(action.subject() + ": " + ticket.words(e, monitor.namespace()));
    }
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    var taken =
        ticket.take(
            monitor.namespace(),
            plan,
            _ -> Optional.ofNullable(cronJob(monitor)).map(JobDeed::obstacle).orElse(null),
            _ -> {});
    if (!(taken instanceof Outcome.Done)) {
      return taken;
    }
    try {
      var found = cronJob(monitor);
      if (found == null) {
        return new Outcome.Refused(action.subject() + " " + Outcome.GONE);
      }
      if (!ticket.isHeld(plan, found)) {
        return new Outcome.Refused(
            action.subject() + ": its time is over, or a later act was done");
      }
      var _ = client().batch().v1().jobs().resource(job(monitor, plan).template(found)).create();
      return taken;
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_CONFLICT
          ? taken // it was made by an earlier try
          : ticket.outcome(plan.subject(), monitor.namespace(), e);
    }
  }

  private JobFrom job(MonitorRef monitor, Plan plan) {
    return new JobFrom(
        monitor,
        name(plan),
        Map.of("app.kubernetes.io/managed-by", "heartbeat", Marks.ACTION, plan.id()),
        action.deadline(),
        KEPT);
  }

  /** Whoever deletes a Job does not want it made again. */
  private boolean isLate(Plan plan) {
    return !ticket.clock().instant().isBefore(plan.deadline());
  }

  static String name(Plan plan) {
    return "heartbeat-" + plan.id();
  }

  private Effect effect(MonitorRef monitor, Plan plan) {
    var name = name(plan);
    var job = client().batch().v1().jobs().inNamespace(monitor.namespace()).withName(name).get();
    if (job == null) {
      return isLate(plan)
          ? new Effect.Failed("Job " + name + " is gone, or was not made in time")
          : new Effect.Unfinished("Job " + name + " is still to be made", false);
    }
    return condition(job, "Failed")
        .<Effect>map(it -> new Effect.Failed("Job " + name + " failed: " + words(it)))
        .or(() -> condition(job, "Complete").map(_ -> new Effect.Complete("Job " + name + " ran")))
        .orElseGet(() -> new Effect.Underway("Job " + name + " is running"));
  }

  private static String words(JobCondition failed) {
    return requireNonNullElse(
        failed.getMessage(), requireNonNullElse(failed.getReason(), "it does not say why"));
  }

  static Optional<JobCondition> condition(Job job, String type) {
    return job.getStatus() == null
        ? Optional.empty()
        : requireNonNullElse(job.getStatus().getConditions(), List.<JobCondition>of()).stream()
            .filter(it -> type.equals(it.getType()) && "True".equals(it.getStatus()))
            .findFirst();
  }

  private static @Nullable Obstacle obstacle(Ticket ticket, CronJob found) {
    var own = obstacle(found);
    return own == null ? ticket.limited(found) : own;
  }

  private static @Nullable Obstacle obstacle(CronJob found) {
    var active =
        found.getStatus() == null
            ? List.<ObjectReference>of()
            : requireNonNullElse(found.getStatus().getActive(), List.<ObjectReference>of());
    return active.isEmpty()
        ? null
        : Obstacle.passing(
            "already running", "its Job " + active.getFirst().getName() + ", of its schedule");
  }

  private @Nullable CronJob cronJob(MonitorRef monitor) {
    return client()
        .batch()
        .v1()
        .cronjobs()
        .inNamespace(monitor.namespace())
        .withName(action.fromCronJob())
        .get();
  }

  private KubernetesClient client() {
    return ticket.client();
  }
}
