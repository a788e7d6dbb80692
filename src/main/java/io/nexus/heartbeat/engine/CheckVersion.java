package io.nexus.heartbeat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.TableKind;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

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
          .addModule(new SimpleModule().setSerializerModifier(new WithoutThresholds()))
          .build();

  private CheckVersion() {}

  static String of(Target target, MonitorSpec spec) {
    try {
      var kind = target.kind();
      var when = target.when() == null ? "" : CANONICAL.writeValueAsString(target.when());
      var asked = kind.fieldName() + CANONICAL.writeValueAsString(kind) + when;
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

  /** What is short for thresholds, as some kinds have it, is left out as those are. */
  private static final class WithoutThresholds extends BeanSerializerModifier {
    private static final long serialVersionUID = 1;
    private static final Set<String> SHORTHANDS = Set.of("degraded", "critical");

    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
      if (TargetKind.class.isAssignableFrom(bean.getBeanClass())) {
        properties.removeIf(property -> SHORTHANDS.contains(property.getName()));
      }
      return properties;
    }
  }
}
