package io.nexus.heartbeat.api.validation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema of the CRD, as it travels in the jar. */
final class CrdSchema {
  static final Map<String, Object> ROOT = load();

  private CrdSchema() {}

  private static Map<String, Object> load() {
    try (var in =
        CrdSchema.class.getResourceAsStream("/crds/heartbeatmonitors.heartbeat.nexus.io-v1.yml")) {
      if (in == null) {
        throw new IllegalStateException("the CRD is missing from this build's class path");
      }
      var crd =
          new Load(LoadSettings.builder().build())
              .loadFromString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      var version = (Map<?, ?>) list(map(map(crd).get("spec")).get("versions")).getFirst();
      return withObjectFields(map(map(version.get("schema")).get("openAPIV3Schema")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What every object has, which the API server knows without a schema. */
  private static Map<String, Object> withObjectFields(Map<String, Object> schema) {
    var properties = new LinkedHashMap<String, Object>();
    properties.put("apiVersion", Map.of("type", "string"));
    properties.put("kind", Map.of("type", "string"));
    properties.put(
        "metadata", Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true));
    properties.putAll(map(schema.get("properties")));
    var root = new LinkedHashMap<>(schema);
    root.put("properties", properties);
    return root;
  }

  @SuppressWarnings("unchecked") // YAML's mappings here have string keys
  static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  static List<?> list(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
