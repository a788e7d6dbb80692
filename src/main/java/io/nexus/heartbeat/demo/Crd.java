package io.nexus.heartbeat.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A resource definition in a cluster that may already have it, or another one of its name. */
final class Crd {
  private static final String RESOURCE = "/crds/heartbeatmonitors.heartbeat.nexus.io-v1.yml";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 30;

  /** What the cluster has. */
  enum Found {
    NOTHING,
    THIS,
    ANOTHER,
    BEING_DELETED
  }

  private final KubernetesClient client;
  private final CustomResourceDefinition wanted;

  Crd(KubernetesClient client, InputStream yaml) {
    this.client = client;
    this.wanted = client.getKubernetesSerialization().unmarshal(yaml);
  }

  /** The one that travels in the jar. */
  static Crd shipped(KubernetesClient client) {
    try (var in = HeartbeatMonitor.class.getResourceAsStream(RESOURCE)) {
      return new Crd(client, Objects.requireNonNull(in, "the jar carries its CRD"));
    } catch (IOException e) {
      throw new IllegalStateException("the jar cannot be read", e);
    }
  }

  String name() {
    return wanted.getMetadata().getName();
  }

  Found look() {
    var there = there().get();
    if (there == null) {
      return Found.NOTHING;
    }
    if (there.isMarkedForDeletion()) {
      return Found.BEING_DELETED;
    }
    return says(JSON.valueToTree(wanted.getSpec()), JSON.valueToTree(there.getSpec()), false)
        ? Found.THIS
        : Found.ANOTHER;
  }

  /** Returns when its resources can be created. */
  void install(Mark mark) {
    mark.on(wanted);
    client.resource(wanted).create();
    awaitEstablished();
  }

  /** One that was installed a moment ago, by us or by somebody else, may not be served yet. */
  void awaitEstablished() {
    there()
        .waitUntilCondition(
            crd ->
                crd != null
                    && crd.getStatus() != null
                    && crd.getStatus().getConditions() != null
                    && crd.getStatus().getConditions().stream()
                        .anyMatch(
                            c -> "Established".equals(c.getType()) && "True".equals(c.getStatus())),
            PATIENCE_SECONDS,
            TimeUnit.SECONDS);
  }

  /**
   * Only what carries our mark. With it would go every resource of its kind, so it stays when
   * somebody began to use it meanwhile.
   *
   * @param exceptIn resources in this namespace are the demo's own
   * @return false: it was ours, and was left because it is in use
   */
  boolean removeIfOurs(Mark mark, String exceptIn) {
    var there = there().get();
    if (there == null || !mark.isOn(there) || there.isMarkedForDeletion()) {
      return true;
    }
    if (isUsed(exceptIn)) {
      return false;
    }
    there().delete();
    there().waitUntilCondition(Objects::isNull, PATIENCE_SECONDS, TimeUnit.SECONDS);
    return true;
  }

  private boolean isUsed(String exceptIn) {
    var spec = wanted.getSpec();
    var kind =
        new ResourceDefinitionContext.Builder()
            .withGroup(spec.getGroup())
            .withVersion(spec.getVersions().getFirst().getName())
            .withKind(spec.getNames().getKind())
            .withPlural(spec.getNames().getPlural())
            .withNamespaced(true)
            .build();
    return client.genericKubernetesResources(kind).inAnyNamespace().list().getItems().stream()
        .map(HasMetadata::getMetadata)
        .anyMatch(metadata -> !metadata.getNamespace().equals(exceptIn));
  }

  private Resource<CustomResourceDefinition> there() {
    return client.apiextensions().v1().customResourceDefinitions().withName(name());
  }

  /**
   * The API server adds defaults to what it is given, but not inside of a schema: there more than
   * was written means another schema. What is zero it leaves out.
   */
  private static boolean says(JsonNode wanted, JsonNode there, boolean exactly) {
    if (wanted.isNumber() && !there.isContainerNode()) {
      return wanted.decimalValue().compareTo(there.decimalValue()) == 0;
    }
    if (wanted.size() != there.size() && (exactly || wanted.isArray())) {
      return false;
    }
    if (wanted.isArray()) {
      for (var i = 0; i < wanted.size(); i++) {
        if (!says(wanted.get(i), there.path(i), exactly)) {
          return false;
        }
      }
      return there.isArray();
    }
    if (wanted.isObject()) {
      return wanted.properties().stream()
          .allMatch(e -> says(e.getValue(), there.path(e.getKey()), exactly || isSchema(e)));
    }
    return wanted.equals(there);
  }

  private static boolean isSchema(Map.Entry<String, JsonNode> field) {
    return field.getKey().equals("openAPIV3Schema");
  }
}
