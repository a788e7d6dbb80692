package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.act.Kinds;
import io.nexus.heartbeat.act.KubernetesActor;
import io.nexus.heartbeat.act.Rollout;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.WorkloadStates;
import io.nexus.heartbeat.net.Deadline;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The workloads of one namespace, read live: one GET, and one LIST of its pods. */
record ClusterWorkloads(KubernetesClient client, String namespace, InstantSource clock)
    implements WorkloadStates {
  /** A DaemonSet of a large cluster has thousands; these say what there is to say. */
  private static final long MOST_PODS = 500;

  /** As long as a Deployment waits by default; the others wait for ever. */
  private static final Duration STUCK_AFTER = Duration.ofMinutes(10);

  @Override
  public State of(WorkloadRef workload, Deadline deadline) throws NotTold, InterruptedException {
    var reading = new FutureTask<>(() -> read(workload));
    var thread = Thread.ofVirtual().name("reads " + namespace + "/" + workload).start(reading);
    try {
      return reading.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new NotTold(
          workload + " cannot be read: the API server: " + deadline.timedOut().getMessage());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotTold told) {
        throw told;
      }
      if (e.getCause() instanceof KubernetesClientException said) {
        throw new NotTold(words(workload, said));
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      thread.interrupt();
    }
  }

  private State read(WorkloadRef workload) throws NotTold {
    var found = Kinds.at(client, namespace, workload.subject()).get();
    if (found == null) {
      throw new NotTold(
          "no %s %s in namespace %s".formatted(workload.kind(), workload.name(), namespace));
    }
    var pods = podsOf(found);
    return switch (workload.kind()) {
      case Deployment, StatefulSet ->
          state(workload, found, number(found, 1, "spec", "replicas"), "readyReplicas", pods);
      case DaemonSet ->
          state(
              workload,
              found,
              number(found, 0, "status", "desiredNumberScheduled"),
              "numberReady",
              pods);
    };
  }

  private State state(
      WorkloadRef workload,
      GenericKubernetesResource found,
      long desired,
      String ready,
      PodList pods) {
    return new State(
        desired,
        number(found, 0, "status", ready),
        progress(workload, found, pods),
        pods.getItems().stream()
            .filter(pod -> !pod.isMarkedForDeletion() && !isOver(pod))
            .map(PodTroubles::of)
            .toList());
  }

  private Progress progress(WorkloadRef workload, GenericKubernetesResource found, PodList pods) {
    var rollout = Rollout.of(workload.kind(), found);
    var words = requireNonNullElse(rollout.changing(), "");
    return switch (rollout.phase()) {
      case Settled, Empty -> new Progress.Settled();
      case Held -> new Progress.Held(words);
      case Stuck -> new Progress.Stuck(words);
      case Moving ->
          workload.kind() == WorkloadRef.Kind.Deployment || isMoving(pods)
              ? new Progress.Moving(words)
              : new Progress.Stuck(
                  words + ", and no pod came or went for " + STUCK_AFTER.toMinutes() + " min");
    };
  }

  /** A pod that ends takes its time, and only then comes the next; of a list cut off, who knows. */
  private boolean isMoving(PodList pods) {
    return pods.getItems().isEmpty()
        || !requireNonNullElse(pods.getMetadata().getContinue(), "").isEmpty()
        || pods.getItems().stream().map(Pod::getMetadata).anyMatch(this::isRecent);
  }

  private boolean isRecent(ObjectMeta pod) {
    return isRecent(pod.getCreationTimestamp()) || isRecent(pod.getDeletionTimestamp());
  }

  private boolean isRecent(@Nullable String moment) {
    return moment != null && clock.instant().isBefore(Instant.parse(moment).plus(STUCK_AFTER));
  }

  private PodList podsOf(GenericKubernetesResource workload) {
    var selector =
        client
            .getKubernetesSerialization()
            .convertValue(workload.get("spec", "selector"), LabelSelector.class);
    return client
        .pods()
        .inNamespace(namespace)
        .withLabelSelector(selector)
        .list(new ListOptionsBuilder().withLimit(MOST_PODS).build());
  }

  /** Evicted, say; another has taken its place. */
  private static boolean isOver(Pod pod) {
    var phase = requireNonNullElse(pod.getStatus().getPhase(), "");
    return phase.equals("Failed") || phase.equals("Succeeded");
  }

  private String words(WorkloadRef workload, KubernetesClientException said) {
    return said.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        ? "Heartbeat may not see %s in namespace %s: %s"
            .formatted(workload, namespace, ApiFailure.grant(said, KubernetesActor.ROLE, namespace))
        : "%s cannot be read: %s".formatted(workload, ApiFailure.words(said));
  }

  private static long number(GenericKubernetesResource of, long otherwise, Object... path) {
    return of.<Object>get(path) instanceof Number number ? number.longValue() : otherwise;
  }
}
