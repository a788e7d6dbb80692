package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashMap;
import java.util.Map;

/** The pod template of a workload, as it can be changed. */
final class Templates {
  private Templates() {}

  static Map<String, Object> spec(GenericKubernetesResource workload) {
    return child(workload.getAdditionalProperties(), "spec");
  }

  static Map<String, Object> annotations(GenericKubernetesResource workload) {
    return child(child(child(spec(workload), "template"), "metadata"), "annotations");
  }

  @SuppressWarnings("unchecked") // JSON objects are maps of this type
  private static Map<String, Object> child(Map<String, Object> parent, String name) {
    if (!(parent.get(name) instanceof Map)) {
      parent.put(name, new HashMap<String, Object>());
    }
    return (Map<String, Object>) parent.get(name);
  }
}
