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

/** The schema of a whole monitor: the CRD's, and that of the metadata. */
final class CrdSchema {
  static final Map<String, Object> ROOT = load();

  private CrdSchema() {}

  private static Map<String, Object> load() {
    var crd = map(yaml(Crd.text()));
    var version = (Map<?, ?>) list(map(crd.get("spec")).get("versions")).getFirst();
    return withObjectFields(map(map(version.get("schema")).get("openAPIV3Schema")));
  }

  /** What every object has, which the API server knows without a schema. */
  private static Map<String, Object> withObjectFields(Map<String, Object> schema) {
    var properties = new LinkedHashMap<String, Object>();
    properties.put("apiVersion", Map.of("type", "string"));
    properties.put("kind", Map.of("type", "string"));
    properties.put("metadata", metadata());
    properties.putAll(map(schema.get("properties")));
    var root = new LinkedHashMap<>(schema);
    root.put("properties", properties);
    root.put(
        "required",
        Stream.concat(Stream.of("metadata"), list(schema.get("required")).stream()).toList());
    return root;
  }

  private static Object metadata() {
    try (var in = CrdSchema.class.getResourceAsStream("metadata.yml")) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its metadata.yml");
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
