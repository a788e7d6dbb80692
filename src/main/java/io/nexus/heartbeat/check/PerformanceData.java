package io.nexus.heartbeat.check;

import java.util.LinkedHashMap;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * The figures of monitoring plugins: {@code 'label'=value[UOM];[warn];[crit];[min];[max]}, with
 * spaces between them.
 */
final class PerformanceData {
  private static final int MOST = 100;
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_VALUE = 40;
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]++([.][0-9]*+)?|[.][0-9]++)([eE][-+]?[0-9]++)?");

  private final String text;
  private int at;

  private PerformanceData(String text) {
    this.text = text;
  }

  /** What stands behind the bar of the first line, and behind the next bar of those that follow. */
  static String in(String output) {
    var lines = output.split("\n", 2);
    var first = lines[0].split("[|]", 2);
    var more = lines.length < 2 ? new String[] {""} : lines[1].split("[|]", 2);
    return (first.length < 2 ? "" : first[1]) + " " + (more.length < 2 ? "" : more[1]);
  }

  /**
   * By their names as measurements have them; of two of one name the first. A value that the plugin
   * could not determine is empty. Units are not looked at.
   */
  static SequencedMap<String, OptionalDouble> of(String text) {
    return new PerformanceData(text).read();
  }

  private SequencedMap<String, OptionalDouble> read() {
    var found = new LinkedHashMap<String, OptionalDouble>();
    while (found.size() < MOST && skipSpaces()) {
      var label = text.charAt(at) == '\'' ? quoted() : bare();
      if (at < text.length() && text.charAt(at) == '=') {
        at++;
        var name = name(label);
        if (!name.isEmpty()) {
          found.putIfAbsent(name, number());
        }
      }
      while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
        at++; // limits, and what is no figure
      }
    }
    return found;
  }

  private boolean skipSpaces() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private String quoted() {
    var label = new StringBuilder();
    for (at++; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '\'') {
        if (at + 1 >= text.length() || text.charAt(at + 1) != '\'') {
          at++;
          break;
        }
        at++;
      }
      label.append(c);
    }
    return label.toString();
  }

  private String bare() {
    var from = at;
    while (at < text.length()
        && text.charAt(at) != '='
        && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private OptionalDouble number() {
    var value = NUMBER.matcher(text).region(at, Math.min(text.length(), at + LONGEST_VALUE));
    if (!value.lookingAt()) {
      return OptionalDouble.empty();
    }
    var number = Double.parseDouble(value.group());
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /** {@code C:\ used %} is {@code c_used}, {@code /var/log} is {@code var_log}. */
  private static String name(String label) {
    var name = new StringBuilder();
    for (var i = 0; i < label.length() && name.length() < LONGEST_LABEL; i++) {
      var c = label.charAt(i);
      if (isLetter(c) || (name.length() > 0 && c >= '0' && c <= '9')) {
        name.append(name.length() == 0 ? Character.toLowerCase(c) : c);
      } else if (name.length() > 0 && name.charAt(name.length() - 1) != '_') {
        name.append('_');
      }
    }
    while (name.length() > 0 && name.charAt(name.length() - 1) == '_') {
      name.setLength(name.length() - 1);
    }
    return name.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
