package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.CleanupJob.Mounter;
import io.nexus.heartbeat.api.Clean;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.cleanup.Told;
import io.nexus.heartbeat.decide.CleanupConsent;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Words;
import io.nexus.heartbeat.net.Plain;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deletes old files of a claim, by a Job that is named by the act's id. The ticket is on the claim.
 *
 * @param image of Heartbeat, which the Job runs; null: nobody said which
 */
record CleanupDeed(Ticket ticket, Clean action, @Nullable String image) implements Deed {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST = 300;

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    if (!action.subject().kind().equals(Clean.CLAIM)) {
      return new Facts.Unreadable(action.subject() + ": there is no such thing in a cluster");
    }
    try {
      var found = claim(monitor);
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
          look.plan() == null ? obstacle(monitor, found) : null,
          "deletes old files of %s, for %s at most"
              .formatted(action.subject(), Words.of(Clean.DEADLINE)),
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
            _ -> Optional.ofNullable(claim(monitor)).map(it -> obstacle(monitor, it)).orElse(null),
            _ -> {});
    if (!(taken instanceof Outcome.Done)) {
      return taken;
    }
    try {
      if (job(monitor, plan) != null) {
        return taken;
      }
      var found = claim(monitor);
      if (found == null) {
        return new Outcome.Refused(action.subject() + " " + Outcome.GONE);
      }
      if (!ticket.isHeld(plan, found)) {
        return new Outcome.Refused(
            action.subject() + ": its time is over, or a later act was done");
      }
      // Whoever took the ticket may have died long ago, and its owner changed his mind.
      var obstacle = obstacle(monitor, found);
      if (obstacle != null) {
        return new Outcome.Refused(obstacle.gate() + ": " + obstacle.why());
      }
      var mounter = mounter(monitor);
      if (mounter.isEmpty()) {
        return new Outcome.Failed("no pod mounts " + action.subject() + " any more");
      }
      var made =
          new CleanupJob(
              monitor, JobDeed.name(plan), plan.id(), Objects.requireNonNull(image), json());
      var _ =
          client()
              .batch()
              .v1()
              .jobs()
              .resource(made.of(action.subject().name(), mounter.get()))
              .create();
      return taken;
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_CONFLICT
          ? taken // it was made by an earlier try
          : ticket.outcome(plan.subject(), monitor.namespace(), e);
    }
  }

  private @Nullable Obstacle obstacle(MonitorRef monitor, PersistentVolumeClaim found) {
    var metadata = found.getMetadata();
    var refusal =
        CleanupConsent.refusal(
            action.cleanup(),
            metadata.getName(),
            requireNonNullElse(metadata.getLabels(), Map.of()),
            requireNonNullElse(metadata.getAnnotations(), Map.of()));
    if (refusal.isPresent()) {
      return Obstacle.passing("not allowed", refusal.get());
    }
    if (image == null) {
      return Obstacle.passing(
          "no image",
          "the Job needs Heartbeat's own image: say --cleanup-image, or set HEARTBEAT_IMAGE, where"
              + " the operator is installed");
    }
    if (requireNonNullElse(found.getSpec().getAccessModes(), List.<String>of())
        .contains("ReadWriteOncePod")) {
      return Obstacle.passing(
          "ReadWriteOncePod",
          action.subject() + " can be mounted by one pod only, so by no Job beside it");
    }
    return mounter(monitor).isPresent()
        ? null
        : Obstacle.passing(
            "nobody mounts it",
            "no running pod mounts %s, so it is not known where and as whom to clean it"
                .formatted(action.subject()));
  }

  private Effect effect(MonitorRef monitor, Plan plan) {
    var name = JobDeed.name(plan);
    var job = job(monitor, plan);
    if (job == null) {
      return ticket.clock().instant().isBefore(plan.deadline())
          ? new Effect.Unfinished("Job " + name + " is still to be made", false)
          : new Effect.Failed("Job " + name + " is gone, or was not made in time");
    }
    var failed = JobDeed.condition(job, "Failed");
    if (failed.isEmpty() && JobDeed.condition(job, "Complete").isEmpty()) {
      return new Effect.Underway("Job " + name + " is running");
    }
    var message = message(monitor, plan, job);
    var why =
        failed
            .map(it -> requireNonNullElse(it.getMessage(), "it does not say why"))
            .orElse("it does not say what it did");
    return said(name, failed.isPresent(), message, why);
  }

  /**
   * Who freed something may have helped though not all went well; whether it did, checks tell.
   *
   * @param message as whoever wrote into the container's termination log pleased
   * @param why when there is none
   */
  static Effect said(String job, boolean failed, String message, String why) {
    var result = Told.read(message);
    var words =
        Plain.text(
            result.map(Told::words).orElseGet(() -> message.isBlank() ? why : message), LONGEST);
    return failed && result.filter(it -> it.files() > 0).isEmpty()
        ? new Effect.Failed("Job " + job + " failed: " + words)
        : new Effect.Complete(result.isPresent() ? words : "Job " + job + " ran: " + words);
  }

  /** Of the pod that is the Job's: anybody may label one as he likes. */
  private String message(MonitorRef monitor, Plan plan, Job job) {
    return client()
        .pods()
        .inNamespace(monitor.namespace())
        .withLabel(Marks.ACTION, plan.id())
        .list()
        .getItems()
        .stream()
        .filter(
            pod ->
                pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(it -> job.getMetadata().getUid().equals(it.getUid())))
        .filter(pod -> pod.getStatus() != null)
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .map(it -> it.getState() == null ? null : it.getState().getTerminated())
        .filter(Objects::nonNull)
        .map(it -> requireNonNullElse(it.getMessage(), ""))
        .findFirst()
        .orElse("");
  }

  private String json() {
    try {
      return JSON.writeValueAsString(action.cleanup());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<Mounter> mounter(MonitorRef monitor) {
    return Mounter.of(
        action.subject().name(),
        client().pods().inNamespace(monitor.namespace()).list().getItems());
  }

  private @Nullable Job job(MonitorRef monitor, Plan plan) {
    return client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(monitor.namespace())
        .withName(JobDeed.name(plan))
        .get();
  }

  private @Nullable PersistentVolumeClaim claim(MonitorRef monitor) {
    return client()
        .persistentVolumeClaims()
        .inNamespace(monitor.namespace())
        .withName(action.subject().name())
        .get();
  }

  private KubernetesClient client() {
    return ticket.client();
  }
}
