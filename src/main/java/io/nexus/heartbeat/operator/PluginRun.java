package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.PluginJobs.Ended;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a plugin as a Job: it is made, or the one that an earlier process made of it is taken
 * over; its pod is looked at until it has ended; then it is deleted.
 */
final class PluginRun implements Callable<Ended> {
  private static final Logger log = LoggerFactory.getLogger(PluginRun.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final int MOST_WORDS = 200;

  /** The role that a namespace's owner binds to let Heartbeat run plugins there. */
  private static final String ROLE = "heartbeat-plugins";

  /** What the API server says when a role is missing, not of a quota or an admission webhook. */
  private static final Pattern NO_RIGHT = Pattern.compile("cannot [a-z]+ resource");

  private final TargetJobs jobs;
  private final PluginJob job;
  private final Deadline deadline;
  private final String namespace;

  /** For who waits no longer: how far it has come, and what must be cleaned up. */
  private volatile String progress = "the API server does not answer";

  private volatile boolean begun;
  private volatile @Nullable Ended ended;

  PluginRun(TargetJobs jobs, Deadline deadline) {
    this.jobs = jobs;
    this.job = jobs.job();
    this.deadline = deadline;
    this.namespace = job.monitor().namespace();
  }

  @Override
  public Ended call() throws NotTold, InterruptedException {
    var cronJob = released();
    awaitEarlier();
    var made = madeOrFound(cronJob);
    begun = true;
    var containers =
        cronJob.getSpec().getJobTemplate().getSpec().getTemplate().getSpec().getContainers();
    try {
      var result = awaited(made, containers.getFirst().getName());
      ended = result;
      delete();
      return result;
    } catch (NotTold e) {
      delete();
      throw e;
    } catch (KubernetesClientException e) {
      if (!isInterrupted(e)) { // else the next operator, or the edited target, takes it over
        delete();
      }
      throw e;
    }
  }

  /** How far it has come, in words. */
  String progress() {
    return progress;
  }

  /**
   * When the deadline has passed: its result, if that is known by now. What still runs is ended.
   *
   * @param timedOut in words
   */
  Ended late(@Nullable String timedOut) throws NotTold {
    if (begun) {
      Thread.ofVirtual().name("deletes " + job.name()).start(this::delete);
    }
    var result = ended;
    if (result != null) {
      return result;
    }
    throw new NotTold(
        "the plugin of CronJob %s %s: %s".formatted(job.order().cronJob(), timedOut, progress));
  }

  String words(KubernetesClientException said) {
    return said.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            && NO_RIGHT.matcher(ApiFailure.words(said)).find()
        ? "Heartbeat may not run plugins in namespace %s: %s"
            .formatted(namespace, ApiFailure.grant(said, ROLE, namespace))
        : "the plugin of CronJob %s cannot be run: %s"
            .formatted(job.order().cronJob(), Plain.text(ApiFailure.words(said), MOST_WORDS));
  }

  private static boolean isInterrupted(KubernetesClientException e) {
    return Thread.currentThread().isInterrupted() || e.getCause() instanceof InterruptedException;
  }

  private CronJob released() throws NotTold {
    var name = job.order().cronJob();
    var found = jobs.cronJob();
    if (found == null) {
      throw new NotTold("no CronJob %s in namespace %s".formatted(name, namespace));
    }
    var labels = requireNonNullElse(found.getMetadata().getLabels(), Map.<String, String>of());
    if (!"allowed".equals(labels.get(PluginJob.RELEASE))) {
      throw new NotTold(
          "CronJob %1$s is not released to Heartbeat: kubectl label cronjob %1$s -n %2$s %3$s=allowed"
              .formatted(name, namespace, PluginJob.RELEASE));
    }
    return found;
  }

  /** No two runs of one CronJob overlap, whoever began the earlier one. */
  private void awaitEarlier() throws InterruptedException {
    for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
      var earlier = jobs.earlier();
      if (earlier.isEmpty()) {
        return;
      }
      progress = "an earlier run of it is still under way: " + earlier.get();
      Thread.sleep(pause);
    }
  }

  private Job madeOrFound(CronJob cronJob) throws NotTold, InterruptedException {
    for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
      var made = jobs.make(cronJob, deadline.remaining());
      if (made.isPresent()) {
        return made.get();
      }
      var found = jobs.find();
      if (found != null && !job.isOurs(found)) {
        throw untold("there is a Job " + job.name() + " already, which is not Heartbeat's");
      }
      if (found != null && !found.isMarkedForDeletion()) {
        return found;
      }
      progress = "Job " + job.name() + " is being deleted, or cannot be made now";
      Thread.sleep(pause);
    }
  }

  private Ended awaited(Job made, String container) throws NotTold, InterruptedException {
    for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
      var found = jobs.podOf(made);
      if (found.isPresent()) {
        var pod = new PluginPod(found.get(), container);
        try {
          var result = pod.result();
          if (result.isPresent()) {
            return result.get();
          }
        } catch (NotTold e) {
          throw untold(String.valueOf(e.getMessage()));
        }
        progress = "pod " + found.get().getMetadata().getName() + ": " + pod.progress();
      } else {
        progress = "Job " + job.name() + " has no pod; " + why();
        mustBeThere(made);
      }
      Thread.sleep(pause);
    }
  }

  private void mustBeThere(Job made) throws NotTold {
    var now = jobs.find();
    if (now == null || !now.getMetadata().getUid().equals(made.getMetadata().getUid())) {
      throw untold("somebody deleted its Job " + job.name());
    }
    var failed = TargetJobs.condition(now, "Failed");
    if (failed.isPresent()) {
      var message = requireNonNullElse(failed.get().getMessage(), "");
      throw untold(
          "its Job failed: %s: %s"
              .formatted(failed.get().getReason(), Plain.text(message, MOST_WORDS)));
    }
  }

  private NotTold untold(String why) {
    return new NotTold("the plugin of CronJob " + job.order().cronJob() + ": " + why);
  }

  /** A quota, a policy or a missing ServiceAccount speaks only in Events, which outlive the Job. */
  private String why() {
    return "kubectl get events -n %s --field-selector involvedObject.name=%s tells why"
        .formatted(namespace, job.name());
  }

  /** What cannot be deleted goes by its own time to live. */
  private void delete() {
    try {
      jobs.delete();
    } catch (KubernetesClientException e) {
      log.info("{}: Job {} is not deleted: {}", job.monitor(), job.name(), ApiFailure.words(e));
    }
  }

  private static Duration longer(Duration pause) {
    var next = pause.multipliedBy(3).dividedBy(2);
    return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
  }
}
