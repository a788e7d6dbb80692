package io.nexus.heartbeat.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the number of a measurement counts, and so which values a limit on it may have. */
public enum Unit {
  Seconds("in seconds", "500ms, 2s or 0.5", Unit.DURATION),
  Days("in days", "14", ""),
  Minutes("in minutes", "2h, 30m or 90", Unit.DURATION),
  Bytes("in bytes", "512Mi or 1073741824", "|" + Unit.NUMBER + "([KMGTPE]i|[kMGTPE])"),
  Percent("in percent", "80% or 80", "|" + Unit.NUMBER + "%"),
  Count("a count", "100 or 5k", "|" + Unit.NUMBER + "[kMGTPE]"),

  /** Of whatever the author asked for. */
  Any("a number", "", "|.*");

  private static final String DURATION = "|(\\d+(h|ms|m|s))+";
  static final String NUMBER = "-?[0-9]+([.][0-9]+)?";

  private final String words;
  private final String examples;
  private final Pattern values;

  Unit(String words, String examples, String more) {
    this.words = words;
    this.examples = examples;
    this.values = Pattern.compile(Unit.NUMBER + more);
  }

  /**
   * What is wrong with a limit on such a measurement: {@code '80%' does not fit: latency is in
   * seconds; right would be 500ms, 2s or 0.5}.
   */
  public Optional<String> complaint(String measurement, @Nullable IntOrString limit) {
    return limit == null
            || limit.getIntVal() != null
            || values.matcher(limit.getStrVal().strip()).matches()
        ? Optional.empty()
        : Optional.of(
            "'%s' does not fit: %s is %s; right would be %s"
                .formatted(limit.getStrVal(), measurement, words, examples));
  }
}
