package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which fields of a workload a GitOps controller holds to what is written elsewhere: what we change
 * there it would put back, and we would fight. By field, as the API server keeps it in {@code
 * metadata.managedFields}; where there is nothing kept, by the marks that controllers leave.
 */
public final class FieldOwners {
  /**
   * Field managers, as their controllers call themselves: Argo CD (its controller, and by an
   * earlier name), Flux' two, Rancher Fleet, Config Sync, kapp.
   */
  private static final List<String> GIT_OPS =
      List.of(
          "argocd-controller",
          "argocd-application-controller",
          "kustomize-controller",
          "helm-controller",
          "fleetagent",
          "fleet-agent",
          "configsync",
          "kapp",
          "kapp-controller");

  /**
   * What they leave on what they apply. Not {@code app.kubernetes.io/instance}, which everybody
   * writes.
   */
  private static final Map<String, String> MARKS =
      Map.of(
          "argocd.argoproj.io/tracking-id", "Argo CD",
          "kustomize.toolkit.fluxcd.io/name", "Flux",
          "helm.toolkit.fluxcd.io/name", "Flux",
          "objectset.rio.cattle.io/id", "Rancher Fleet",
          "configsync.gke.io/resource-id", "Config Sync",
          "kapp.k14s.io/identity", "kapp");

  private static final String[] RESTARTED_AT = {
    "f:spec", "f:template", "f:metadata", "f:annotations", "f:" + RestartDeed.RESTARTED_AT
  };

  private final GenericKubernetesResource workload;

  private FieldOwners(GenericKubernetesResource workload) {
    this.workload = workload;
  }

  public static FieldOwners of(GenericKubernetesResource workload) {
    return new FieldOwners(workload);
  }

  /**
   * Why a restart would be undone. A restart adds one annotation to the template, which is in no
   * repository, so controllers leave it alone; but for one that holds just that.
   */
  public Optional<String> ofRestart() {
    return manager(fields -> has(fields, RESTARTED_AT))
        .map(name -> name + " holds its annotation " + RestartDeed.RESTARTED_AT + " by GitOps");
  }

  /** Why another template would be put back. */
  public Optional<String> ofTemplate() {
    return owner("its template", "f:spec", "f:template");
  }

  /** Why another number of replicas would be put back. */
  public Optional<String> ofReplicas() {
    return owner("its replicas", "f:spec", "f:replicas");
  }

  private Optional<String> owner(String what, String... path) {
    var managed = workload.getMetadata().getManagedFields();
    return managed == null || managed.isEmpty()
        ? mark().map(name -> name + " applies it by GitOps, and who holds " + what + " is unknown")
        : manager(fields -> has(fields, path)).map(name -> name + " holds " + what + " by GitOps");
  }

  private Optional<String> mark() {
    var metadata = workload.getMetadata();
    return MARKS.entrySet().stream()
        .filter(
            mark ->
                requireNonNullElse(metadata.getAnnotations(), Map.of()).containsKey(mark.getKey())
                    || requireNonNullElse(metadata.getLabels(), Map.of())
                        .containsKey(mark.getKey()))
        .map(Map.Entry::getValue)
        .sorted()
        .findFirst();
  }

  private Optional<String> manager(Predicate<FieldsV1> holds) {
    return requireNonNullElse(
            workload.getMetadata().getManagedFields(), List.<ManagedFieldsEntry>of())
        .stream()
        .filter(entry -> isGitOps(requireNonNullElse(entry.getManager(), "")))
        // What a controller writes to a subresource, such as a scale or status, is not from Git.
        .filter(entry -> requireNonNullElse(entry.getSubresource(), "").isEmpty())
        .filter(entry -> entry.getFieldsV1() != null && holds.test(entry.getFieldsV1()))
        .map(ManagedFieldsEntry::getManager)
        .findFirst();
  }

  private static boolean isGitOps(String manager) {
    return GIT_OPS.contains(manager) || manager.startsWith("argocd");
  }

  /** A list or map that is held by the element is below its path; one field is a path's end. */
  private static boolean has(FieldsV1 fields, String... path) {
    Map<?, ?> at = requireNonNullElse(fields.getAdditionalProperties(), Map.of());
    for (var step : path) {
      if (!(at.get(step) instanceof Map<?, ?> below)) {
        return false;
      }
      at = below;
    }
    return true;
  }
}
