package io.nexus.heartbeat.api.validation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
      return map(map(version.get("schema")).get("openAPIV3Schema"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked") // YAML's mappings here have string keys
  static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  static List<?> list(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
