package io.nexus.heartbeat.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an exporter answers, as far as it is asked for: {@code name{label="value"} 4.2}.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">the
 *     format</a>
 */
final class MetricsText {

  record Sample(String name, Map<String, String> labels, double value) {}

  private MetricsText() {}

  /** The samples of these names whose value is a number; lines of another form are skipped. */
  static List<Sample> samples(String text, Set<String> names) {
    return text.lines()
        .filter(line -> names.contains(name(line)))
        .<Sample>mapMulti(
            (line, into) -> {
              var sample = sample(line);
              if (sample != null) {
                into.accept(sample);
              }
            })
        .toList();
  }

  private static String name(String line) {
    var end = 0;
    while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
      end++;
    }
    return line.substring(0, end);
  }

  private static @Nullable Sample sample(String line) {
    var name = name(line);
    var labels = new HashMap<String, String>();
    var at = name.length();
    if (at < line.length() && line.charAt(at) == '{') {
      at = labels(line, at + 1, labels);
    }
    if (at < 0) {
      return null;
    }
    // A time may follow the value.
    var value = number(line.substring(at).strip().split("[ \t]", 2)[0]);
    return Double.isFinite(value) ? new Sample(name, labels, value) : null;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      return Double.NaN;
    }
  }

  /** Returns where the labels end; -1 when they do not. */
  private static int labels(String line, int begin, Map<String, String> into) {
    var at = begin;
    while (at < line.length()) {
      if (line.charAt(at) == '}') {
        return at + 1;
      }
      var equals = line.indexOf("=\"", at);
      if (equals < 0) {
        return -1;
      }
      var value = new StringBuilder();
      var end = quoted(line, equals + 2, value);
      if (end < 0) {
        return -1;
      }
      into.put(line.substring(at, equals).strip(), value.toString());
      at = end;
      while (at < line.length() && (line.charAt(at) == ',' || line.charAt(at) == ' ')) {
        at++;
      }
    }
    return -1;
  }

  private static int quoted(String line, int begin, StringBuilder into) {
    for (var at = begin; at < line.length(); at++) {
      var c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        into.append(line.charAt(at) == 'n' ? '\n' : line.charAt(at));
      } else {
        into.append(c);
      }
    }
    return -1;
  }
}
