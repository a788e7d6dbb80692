package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The pods that a workload controls: not those that merely match its selector. */
record OwnPods(List<Pod> pods) {
  /** What a StatefulSet says of which of its revisions a pod is. */
  private static final String REVISION = "controller-revision-hash";

  static OwnPods of(
      KubernetesClient client, WorkloadRef workload, GenericKubernetesResource found) {
    var namespace = found.getMetadata().getNamespace();
    var selector =
        client
            .getKubernetesSerialization()
            .convertValue(found.get("spec", "selector"), LabelSelector.class);
    var controllers =
        switch (workload.kind()) {
          case StatefulSet, DaemonSet -> Set.of(found.getMetadata().getUid());
          case Deployment ->
              client
                  .apps()
                  .replicaSets()
                  .inNamespace(namespace)
                  .withLabelSelector(selector)
                  .list()
                  .getItems()
                  .stream()
                  .filter(it -> isControlledBy(it, Set.of(found.getMetadata().getUid())))
                  .map(it -> it.getMetadata().getUid())
                  .collect(toUnmodifiableSet());
        };
    return new OwnPods(
        client.pods().inNamespace(namespace).withLabelSelector(selector).list().getItems().stream()
            .filter(pod -> isControlledBy(pod, controllers) && !isOver(pod))
            .toList());
  }

  /**
   * Those made since then which are not Ready, and have not been for that long.
   *
   * @param since what is older is of an earlier template
   */
  Stream<Pod> neverReady(Instant since, Duration patience, Instant now) {
    return pods.stream()
        .filter(pod -> !Instant.parse(pod.getMetadata().getCreationTimestamp()).isBefore(since))
        .filter(
            pod -> notReadySince(pod).filter(it -> !now.isBefore(it.plus(patience))).isPresent());
  }

  /**
   * Those that are not Ready and not of this revision: they are to be replaced, and a StatefulSet
   * waits for them to be Ready before it does (kubernetes.io/docs/concepts/workloads/controllers/
   * statefulset/#forced-rollback).
   */
  Stream<Pod> leftBehindBy(String revision) {
    return pods.stream()
        .filter(pod -> !pod.isMarkedForDeletion() && notReadySince(pod).isPresent())
        .filter(pod -> !revision.equals(pod.getMetadata().getLabels().get(REVISION)));
  }

  /** Empty: it is Ready. */
  private static Optional<Instant> notReadySince(Pod pod) {
    var ready =
        requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of()).stream()
            .filter(it -> "Ready".equals(it.getType()))
            .findFirst();
    if (ready.isPresent() && "True".equals(ready.get().getStatus())) {
      return Optional.empty();
    }
    return Optional.of(
        ready
            .map(PodCondition::getLastTransitionTime)
            .map(Instant::parse)
            .orElseGet(() -> Instant.parse(pod.getMetadata().getCreationTimestamp())));
  }

  int count() {
    return pods.size();
  }

  static PodRef ref(Pod pod) {
    return new PodRef(pod.getMetadata().getName(), pod.getMetadata().getUid());
  }

  Optional<Pod> find(PodRef ref) {
    return pods.stream().filter(pod -> pod.getMetadata().getUid().equals(ref.uid())).findFirst();
  }

  static boolean isControlledBy(HasMetadata it, Set<String> uids) {
    return owners(it)
        .anyMatch(
            owner -> Boolean.TRUE.equals(owner.getController()) && uids.contains(owner.getUid()));
  }

  private static Stream<OwnerReference> owners(HasMetadata it) {
    return requireNonNullElse(it.getMetadata().getOwnerReferences(), List.<OwnerReference>of())
        .stream();
  }

  private static boolean isOver(Pod pod) {
    var phase = requireNonNullElse(pod.getStatus().getPhase(), "");
    return phase.equals("Failed") || phase.equals("Succeeded");
  }
}
