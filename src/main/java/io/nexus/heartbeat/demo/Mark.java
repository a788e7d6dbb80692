package io.nexus.heartbeat.demo;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What this run of the demo made carries this: in somebody else's cluster nothing without it is
 * deleted, whatever its name.
 */
record Mark(String run) {
  private static final String ANNOTATION = HeartbeatMonitor.GROUP + "/demo-run";

  void on(HasMetadata object) {
    var annotations = new HashMap<>(annotations(object));
    annotations.put(ANNOTATION, run);
    object.getMetadata().setAnnotations(annotations);
  }

  boolean isOn(HasMetadata object) {
    return run.equals(annotations(object).get(ANNOTATION));
  }

  private static Map<String, String> annotations(HasMetadata object) {
    return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
  }
}
