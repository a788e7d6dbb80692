package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;

/** Evicts one pod as it was seen, so that a PodDisruptionBudget has its say. */
record Eviction(KubernetesClient client) {
  private static final int TOO_MANY_REQUESTS = 429;

  /** Why it may not be evicted now; empty: it was, or is gone. */
  String evict(Pod pod) {
    var metadata = pod.getMetadata();
    try {
      var eviction =
          new EvictionBuilder()
              .withNewMetadata()
              .withName(metadata.getName())
              .withNamespace(metadata.getNamespace())
              .endMetadata()
              .withDeleteOptions(
                  new DeleteOptionsBuilder()
                      .withNewPreconditions(metadata.getResourceVersion(), metadata.getUid())
                      .build())
              .build();
      // Fabric8's evict() does not say why not.
      var _ =
          client.raw(
              "/api/v1/namespaces/%s/pods/%s/eviction"
                  .formatted(metadata.getNamespace(), metadata.getName()),
              "POST",
              eviction);
      return "";
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND -> "";
        case HttpURLConnection.HTTP_CONFLICT ->
            "pod " + metadata.getName() + " changed at that moment";
        case TOO_MANY_REQUESTS ->
            "pod %s may not be evicted: %s%s"
                .formatted(metadata.getName(), ApiFailure.words(e), budgetHint(pod));
        default -> throw e;
      };
    }
  }

  /** kubernetes.io/docs/tasks/run-application/configure-pdb: a pod that is not Ready may be let. */
  private static String budgetHint(Pod pod) {
    var ready =
        requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of()).stream()
            .anyMatch(it -> "Ready".equals(it.getType()) && "True".equals(it.getStatus()));
    return ready
        ? ""
        : " (it is not Ready: unhealthyPodEvictionPolicy: AlwaysAllow in the PodDisruptionBudget"
            + " would let it go)";
  }
}
