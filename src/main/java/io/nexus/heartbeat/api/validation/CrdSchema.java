package io.nexus.heartbeat.api.validation;

import io.nexus.heartbeat.api.Crd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The schema of a whole monitor: the CRD's, that of the metadata, and what a host knows besides,
 * which is marked by {@value #HOST_ONLY}; what is of no use there is {@value #CLUSTER_ONLY}.
 */
final class CrdSchema {
  static final String HOST_ONLY = "x-host-only";
  static final String CLUSTER_ONLY = "x-cluster-only";
  static final Map<String, Object> ROOT = load();

  private CrdSchema() {}

  private static Map<String, Object> load() {
    var crd = map(yaml(Crd.text()));
    var version = (Map<?, ?>) list(map(crd.get("spec")).get("versions")).getFirst();
    var schema = map(map(version.get("schema")).get("openAPIV3Schema"));
    return withObjectFields(patched(schema, map(resource("host-fields.yml"))));
  }

  /** As RFC 7396 merges. */
  private static Map<String, Object> patched(Map<String, Object> old, Map<String, Object> patch) {
    var merged = new LinkedHashMap<>(old);
    patch.forEach(
        (name, change) -> {
          if (change == null) {
            merged.remove(name);
          } else if (change instanceof Map<?, ?>) {
            merged.put(name, patched(map(merged.get(name)), map(change)));
          } else {
            merged.put(name, change);
          }
        });
    return merged;
  }

  /** What every object has, which the API server knows without a schema. */
  private static Map<String, Object> withObjectFields(Map<String, Object> schema) {
    var properties = new LinkedHashMap<String, Object>();
    properties.put("apiVersion", Map.of("type", "string"));
    properties.put("kind", Map.of("type", "string"));
    properties.put("metadata", resource("metadata.yml"));
    properties.putAll(map(schema.get("properties")));
    var root = new LinkedHashMap<>(schema);
    root.put("properties", properties);
    root.put(
        "required",
        Stream.concat(Stream.of("metadata"), list(schema.get("required")).stream()).toList());
    return root;
  }

  private static Object resource(String name) {
    try (var in = CrdSchema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its " + name);
      }
      return yaml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object yaml(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  @SuppressWarnings("unchecked") // YAML's mappings here have string keys
  static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  static List<?> list(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
