package io.nexus.heartbeat.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** The value of a threshold as a number in the measurement's unit. */
public final class Amount {
  private static final Pattern DURATION = Pattern.compile("(\\d+(h|ms|m|s))+");
  private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(h|ms|m|s)");

  private Amount() {}

  /**
   * Reads {@code 80}, {@code "0.5"}, {@code 80%}, {@code 512Mi} (a quantity) or {@code 500ms},
   * {@code 1h30m} (a duration as GEP-2257 writes it, in seconds; so {@code m} is minutes here, not
   * the thousandths of a quantity).
   *
   * @throws IllegalArgumentException for anything else
   */
  public static double of(IntOrString value) {
    if (value.getIntVal() != null) {
      return value.getIntVal();
    }
    var text = value.getStrVal().strip();
    if (text.endsWith("%")) {
      return Double.parseDouble(text.substring(0, text.length() - 1));
    }
    if (DURATION.matcher(text).matches()) {
      return DURATION_PART
          .matcher(text)
          .results()
          .mapToDouble(part -> Double.parseDouble(part.group(1)) * seconds(part.group(2)))
          .sum();
    }
    return Quantity.getAmountInBytes(Quantity.parse(text)).doubleValue();
  }

  static boolean isDuration(IntOrString value) {
    return value.getStrVal() != null && DURATION.matcher(value.getStrVal().strip()).matches();
  }

  private static double seconds(String unit) {
    return switch (unit) {
      case "h" -> 3600;
      case "m" -> 60;
      case "s" -> 1;
      default -> 0.001;
    };
  }

  /** As a person writes it: no exponent, at most three decimals. */
  public static String text(double value) {
    return BigDecimal.valueOf(Math.round(value * 1000) / 1000.0)
        .stripTrailingZeros()
        .toPlainString();
  }
}
