package io.nexus.heartbeat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.TableKind;
import io.nexus.heartbeat.api.Target;
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

  /** Shorthands of some kinds. */
  private static final List<String> THRESHOLDS = List.of("degraded", "critical");

  private CheckVersion() {}

  static String of(Target target, MonitorSpec spec) {
    try {
      var kind = target.kind();
      ObjectNode fields = CANONICAL.valueToTree(kind);
      var asked = kind.fieldName() + fields.without(THRESHOLDS);
      if (kind instanceof TableKind table) {
        asked +=
            spec.postgres(table.database())
                .map(database -> CANONICAL.valueToTree(database.withoutQueries()).toString())
                .orElse("");
      }
      var digest = MessageDigest.getInstance("SHA-256").digest(asked.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
