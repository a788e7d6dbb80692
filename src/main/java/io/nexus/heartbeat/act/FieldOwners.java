package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who puts fields of an object back when they are changed: GitOps controllers, as they name
 * themselves in managedFields.
 */
record FieldOwners(List<ManagedFieldsEntry> entries) {
  private static final Set<String> GIT_OPS =
      Set.of(
          "argocd-controller", // argo-cd.readthedocs.io/en/stable/user-guide/sync-options
          "argocd-application-controller",
          "kustomize-controller", // fluxcd.io/flux/components/kustomize/kustomizations
          "helm-controller",
          "fleet-agent",
          "configsync");

  static FieldOwners of(HasMetadata found) {
    return new FieldOwners(requireNonNullElse(found.getMetadata().getManagedFields(), List.of()));
  }

  /**
   * @param path as in managedFields, such as {@code f:spec, f:template}
   */
  Optional<String> whoOwns(String... path) {
    return entries.stream()
        .filter(it -> it.getManager() != null && GIT_OPS.contains(it.getManager()))
        .filter(
            it -> it.getFieldsV1() != null && has(it.getFieldsV1().getAdditionalProperties(), path))
        .map(ManagedFieldsEntry::getManager)
        .findFirst();
  }

  private static boolean has(Map<String, Object> fields, String... path) {
    Object at = fields;
    for (var part : path) {
      if (!(at instanceof Map<?, ?> map) || !map.containsKey(part)) {
        return false;
      }
      at = map.get(part);
    }
    return true;
  }
}
