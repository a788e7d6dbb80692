package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Jobs of one target, and their pods, read live. */
record TargetJobs(KubernetesClient client, PluginJob job) {

  @Nullable CronJob cronJob() {
    return client
        .batch()
        .v1()
        .cronjobs()
        .inNamespace(namespace())
        .withName(job.order().cronJob())
        .get();
  }

  /**
   * What is under way of the CronJob, in words, of another run than ours: also for a target that
   * bears another name by now.
   */
  Optional<String> earlier() {
    var running =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace())
            .withLabels(job.labelsOfCronJob())
            .list()
            .getItems()
            .stream()
            .filter(it -> condition(it, "Complete").or(() -> condition(it, "Failed")).isEmpty())
            .map(it -> it.getMetadata().getName())
            .filter(name -> !name.equals(job.name()))
            .map(name -> "Job " + name);
    var ending = // of a Job that is gone, too
        pods(job.labelsOfCronJob())
            .filter(pod -> owners(pod).noneMatch(it -> job.name().equals(it.getName())))
            .filter(pod -> !new PluginPod(pod, "").isOver())
            .map(pod -> "pod " + pod.getMetadata().getName());
    return Stream.concat(running, ending).findFirst();
  }

  /** Empty: there is one of that name. */
  Optional<Job> make(CronJob cronJob, Duration deadline) {
    try {
      var wanted = job.from(cronJob, deadline);
      return Optional.of(
          client.batch().v1().jobs().inNamespace(namespace()).resource(wanted).create());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Nullable Job find() {
    return resource().get();
  }

  /** Its pods are left to the garbage collector. */
  void delete() {
    var _ = resource().withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
  }

  Optional<Pod> podOf(Job made) {
    var uid = made.getMetadata().getUid();
    return pods(job.labels())
        .filter(pod -> owners(pod).anyMatch(it -> uid.equals(it.getUid())))
        .findFirst();
  }

  static Optional<JobCondition> condition(Job job, String type) {
    var status = job.getStatus();
    return status == null
        ? Optional.empty()
        : requireNonNullElse(status.getConditions(), List.<JobCondition>of()).stream()
            .filter(it -> type.equals(it.getType()) && "True".equals(it.getStatus()))
            .findFirst();
  }

  private ScalableResource<Job> resource() {
    return client.batch().v1().jobs().inNamespace(namespace()).withName(job.name());
  }

  private Stream<Pod> pods(Map<String, String> labels) {
    return client.pods().inNamespace(namespace()).withLabels(labels).list().getItems().stream();
  }

  private static Stream<OwnerReference> owners(Pod pod) {
    return requireNonNullElse(pod.getMetadata().getOwnerReferences(), List.<OwnerReference>of())
        .stream();
  }

  private String namespace() {
    return job.monitor().namespace();
  }
}
