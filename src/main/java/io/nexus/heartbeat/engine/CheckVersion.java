package io.nexus.heartbeat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.TableKind;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The version of a target's check: a hash of what is asked of whom, also where that is another
 * target's to say. Patience, thresholds and repair do not change it, nor does a field that a later
 * release adds and the target does not set.
 */
final class CheckVersion {
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private CheckVersion() {}

  /** Without what is only short for a threshold. */
  private static JsonNode asked(TargetKind kind) {
    JsonNode tree = CANONICAL.valueToTree(kind);
    if (!kind.limits().isEmpty() && tree instanceof ObjectNode fields) {
      fields.remove(List.of("degraded", "critical"));
    }
    return tree;
  }

  static String of(Target target, MonitorSpec spec) {
    try {
      var kind = target.kind();
      var when = target.when() == null ? "" : CANONICAL.writeValueAsString(target.when());
      var asked = kind.fieldName() + CANONICAL.writeValueAsString(asked(kind)) + when;
      if (kind instanceof TableKind table) {
        var database = spec.postgres(table.database());
        asked +=
            database.isPresent()
                ? CANONICAL.writeValueAsString(database.get().withoutQueries())
                : "";
      }
      var digest = MessageDigest.getInstance("SHA-256").digest(asked.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new AssertionError("a record of the api can always be written", e);
    }
  }
}
