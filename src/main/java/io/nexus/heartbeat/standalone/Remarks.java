package io.nexus.heartbeat.standalone;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a monitor is written that a person will go on editing: what is said beside its parts, and
 * where its secrets are.
 *
 * @param head lines that stand above all
 * @param parts by the target's name
 * @param unheard said in place of the receivers, where there is none; complete lines
 * @param source of a variable, what a …From says
 * @param dcgm an exporter that tells of the GPUs; null for nvidia-smi
 */
record Remarks(
    @Nullable String head,
    Map<String, Remark> parts,
    String unheard,
    UnaryOperator<String> source,
    @Nullable String dcgm) {

  /** Nothing is said, and secrets are in environment variables. */
  static final Remarks NONE = new Remarks(null, Map.of(), "", "{env: {name: %s}}"::formatted, null);

  /**
   * Of one target.
   *
   * @param comment one line, or empty
   * @param optional it may be missing
   * @param leftOut it stands there as a comment
   */
  record Remark(String comment, boolean optional, boolean leftOut) {
    static final Remark NONE = new Remark("", false, false);
  }

  Remark of(String target) {
    return parts.getOrDefault(target, Remark.NONE);
  }

  /** Each line as a comment of YAML. */
  static String commented(String lines) {
    return lines.isEmpty() ? "" : lines.stripTrailing().replaceAll("(?m)^", "# ") + "\n";
  }
}
