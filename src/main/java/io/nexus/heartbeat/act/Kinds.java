package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.nexus.heartbeat.api.Subject;
import java.util.Locale;

/**
 * What can be touched, as generic resources: several kinds are one path, and fields that this
 * version does not know survive a PUT.
 */
public final class Kinds {
  private Kinds() {}

  /** To read it live. */
  public static Resource<GenericKubernetesResource> at(
      KubernetesClient client, String namespace, Subject subject) {
    return client
        .genericKubernetesResources(definition(subject.kind()))
        .inNamespace(namespace)
        .withName(subject.name());
  }

  /** All of a namespace. */
  static NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all(KubernetesClient client, String namespace, String kind) {
    return client.genericKubernetesResources(definition(kind)).inNamespace(namespace);
  }

  /** To replace it. */
  static Resource<GenericKubernetesResource> at(
      KubernetesClient client, Subject subject, GenericKubernetesResource item) {
    return client
        .genericKubernetesResources(definition(subject.kind()))
        .inNamespace(item.getMetadata().getNamespace())
        .resource(item);
  }

  /** Written out, so that nothing has to be discovered. */
  private static ResourceDefinitionContext definition(String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group(kind))
        .withVersion(kind.equals("HorizontalPodAutoscaler") ? "v2" : "v1")
        .withKind(kind)
        .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
        .withNamespaced(true)
        .build();
  }

  private static String group(String kind) {
    return switch (kind) {
      case "CronJob", "Job" -> "batch";
      case "HorizontalPodAutoscaler" -> "autoscaling";
      case "PersistentVolumeClaim", "Pod" -> "";
      default -> "apps";
    };
  }
}
