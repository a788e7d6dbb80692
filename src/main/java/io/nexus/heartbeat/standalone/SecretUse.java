package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.ValueFrom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A …From of a monitor.
 *
 * @param field where it stands, such as {@code targets[redis].redis.passwordFrom}
 * @param optional only a target needs it that may be missing, or is suspended
 */
record SecretUse(String field, ValueFrom from, boolean optional) {

  /** All of them. They are looked for in every record, so that none of a new kind is missed. */
  static List<SecretUse> of(HeartbeatMonitor monitor) {
    var uses = new ArrayList<SecretUse>();
    collect("", monitor.getSpec(), monitor.getSpec().suspend(), uses);
    return uses;
  }

  /** A certificate is no secret, wherever it comes from. */
  boolean isPublic() {
    return field.endsWith(".caFrom");
  }

  private static void collect(
      String field, @Nullable Object value, boolean optional, List<SecretUse> uses) {
    if (value instanceof ValueFrom from) {
      uses.add(new SecretUse(field, from, optional));
    } else if (value instanceof List<?> list) {
      for (var i = 0; i < list.size(); i++) {
        collect(field + "[" + nameOf(list.get(i), i) + "]", list.get(i), optional, uses);
      }
    } else if (value instanceof Record) {
      var missable =
          optional || (value instanceof Target target && (target.optional() || target.suspend()));
      for (var component : value.getClass().getRecordComponents()) {
        collect(
            field.isEmpty() ? component.getName() : field + "." + component.getName(),
            read(value, component.getName()),
            missable,
            uses);
      }
    }
  }

  private static Object nameOf(Object element, int index) {
    var named =
        element instanceof Record
            && List.of(element.getClass().getRecordComponents()).stream()
                .anyMatch(component -> component.getName().equals("name"));
    var name = named ? read(element, "name") : null;
    return name == null ? index : name;
  }

  private static @Nullable Object read(Object value, String component) {
    try {
      return value.getClass().getMethod(component).invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record tells its components", e);
    }
  }
}
