package io.nexus.heartbeat.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Durations as Kubernetes writes them, such as {@code 1m30s}: GEP-2257, a subset of what Go parses.
 * Whole milliseconds, never negative, up to 99999h59m59s999ms.
 */
public final class GoDuration {
  /** GEP-2257, "Gateway API Duration Format": one to four parts of one to five digits. */
  static final String PATTERN = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

  /** The longest text of four parts: five digits and two letters each. */
  static final int MAX_LENGTH = 28;

  private static final Duration LONGEST =
      Duration.ofHours(99_999).plusMinutes(59).plusSeconds(59).plusMillis(999);
  private static final Pattern WHOLE = Pattern.compile(PATTERN);
  private static final Pattern PART = Pattern.compile("([0-9]+)(ms|h|m|s)");

  private GoDuration() {}

  /**
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static Duration parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; right would be 30s, 1m30s, 2h or 500ms");
    }
    var sum = Duration.ZERO;
    for (var part = PART.matcher(text); part.find(); ) {
      var amount = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "h" -> Duration.ofHours(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "s" -> Duration.ofSeconds(amount);
                default -> Duration.ofMillis(amount);
              });
    }
    return sum;
  }

  /**
   * The shortest text of the form, cut to whole milliseconds: {@code 90s} is {@code 1m30s}.
   *
   * @throws IllegalArgumentException when negative or longer than the form can say
   */
  public static String format(Duration duration) {
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          duration + " cannot be written as a duration; 0s to 99999h59m59s999ms can");
    }
    var text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }

  static final class Writer extends StdScalarSerializer<Duration> {
    Writer() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(format(value));
    }
  }

  static final class Reader extends StdScalarDeserializer<Duration> {
    Reader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      var text = in.getValueAsString("");
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        return (Duration)
            context.handleWeirdStringValue(Duration.class, text, "%s", e.getMessage());
      }
    }
  }
}
