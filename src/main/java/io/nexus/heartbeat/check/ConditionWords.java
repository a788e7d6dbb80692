package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Plain;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A condition for the message: first what was found, then what its author said of it.
 *
 * @param text the expression
 */
record ConditionWords(String text) {
  private static final int MOST_TEXT = 160;
  private static final int MOST_VALUE = 40;

  /** Of the server's, which no mask of ours knows, and whoever reads the message need not. */
  private static final Pattern PRIVATE =
      Pattern.compile("(?i)cookie|authoriz|authentic|passw|secret|token|api[_-]?key|credential");

  /** {@code json.depth is 12034 (json.depth > 10000)}. */
  String isTrue(SequencedMap<String, Object> seen) {
    return seen.isEmpty() ? Plain.text(text, MOST_TEXT) + " is true" : values(seen) + expression();
  }

  /** What to add to a complaint. */
  String with(SequencedMap<String, Object> seen) {
    return (seen.isEmpty() ? "" : ": " + values(seen)) + expression();
  }

  String expression() {
    return " (" + Plain.text(text, MOST_TEXT) + ")";
  }

  static String plain(String text) {
    return Plain.text(text, MOST_VALUE * 2);
  }

  private static String values(SequencedMap<String, Object> seen) {
    return seen.entrySet().stream()
        .map(
            one ->
                Plain.text(one.getKey(), MOST_VALUE * 2)
                    + (PRIVATE.matcher(one.getKey()).find() ? " is not shown" : value(one)))
        .collect(Collectors.joining(", "));
  }

  private static String value(Map.Entry<String, Object> one) {
    return switch (one.getValue()) {
      case Duration duration -> " is " + Plain.duration(duration);
      case CharSequence word -> " is '" + Plain.text(word.toString(), MOST_VALUE) + "'";
      case Collection<?> list ->
          list.size() == 1 ? " has 1 entry" : " has " + list.size() + " entries";
      case Double number -> " is " + number(number);
      case Long number -> " is " + number;
      case Boolean truth -> " is " + truth;
      default -> " is null";
    };
  }

  private static String number(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value)
            .setScale(3, java.math.RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        : String.valueOf(value);
  }
}
