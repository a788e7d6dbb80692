package io.nexus.heartbeat.api.validation;

import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/** {@code minItems}, {@code maxLength}, {@code maximum} and their kin. */
final class Bounds {
  private Bounds() {}

  /**
   * @param suffix of the schema's key: {@code Items}, {@code Length} or {@code imum}
   * @param unit what is counted, or empty for a plain number
   */
  static void check(
      Findings found,
      Node node,
      String path,
      Map<String, Object> schema,
      String suffix,
      double actual,
      String unit) {
    var what = unit.isEmpty() ? "" : " " + unit;
    if (schema.get("min" + suffix) instanceof Number least && actual < least.doubleValue()) {
      found.add(
          node, path, "should be at least " + least.longValue() + what + ", not " + (long) actual);
    }
    if (schema.get("max" + suffix) instanceof Number most && actual > most.doubleValue()) {
      found.add(
          node, path, "should be at most " + most.longValue() + what + ", not " + (long) actual);
    }
  }
}
