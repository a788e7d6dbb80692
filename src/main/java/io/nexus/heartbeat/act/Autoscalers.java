package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.api.WorkloadRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who else sets a workload's replicas: what we set there would be set back. */
public final class Autoscalers {
  private static final String KEDA = "scaledobject.keda.sh/name";

  private Autoscalers() {}

  /**
   * @param scalers the HorizontalPodAutoscalers of the workload's namespace
   * @return the one that sets its replicas, in words; empty: none does
   */
  public static Optional<String> of(List<GenericKubernetesResource> scalers, WorkloadRef workload) {
    return scalers.stream()
        .filter(scaler -> !scaler.isMarkedForDeletion())
        .filter(scaler -> targets(scaler, workload))
        .map(scaler -> words(scaler, workload))
        .sorted()
        .findFirst();
  }

  /** Of whatever version: the group is what counts. */
  private static boolean targets(GenericKubernetesResource scaler, WorkloadRef workload) {
    var version = text(scaler, "apiVersion");
    return (version.isEmpty() || version.startsWith("apps/"))
        && text(scaler, "kind").equals(workload.kind().name())
        && text(scaler, "name").equals(workload.name());
  }

  private static String words(GenericKubernetesResource scaler, WorkloadRef workload) {
    var labels = requireNonNullElse(scaler.getMetadata().getLabels(), Map.<String, String>of());
    var keda = labels.get(KEDA);
    return "HorizontalPodAutoscaler/%s%s sets the replicas of %s"
        .formatted(
            scaler.getMetadata().getName(),
            keda == null ? "" : " of ScaledObject/" + keda,
            workload);
  }

  private static String text(GenericKubernetesResource scaler, String field) {
    return scaler.<Object>get("spec", "scaleTargetRef", field) instanceof String text ? text : "";
  }
}
