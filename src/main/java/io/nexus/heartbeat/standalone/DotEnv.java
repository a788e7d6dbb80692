package io.nexus.heartbeat.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .env}, as python-dotenv reads it: {@code export}, quotes with escapes and over several
 * lines, {@code ${NAME}} and {@code ${NAME:-default}}, and a comment only after a blank, so that a
 * # in a password is one.
 *
 * <p>Own code, because the library for Java (dotenv-java) ends an unquoted value at any #.
 *
 * @param passedOver numbers of the lines, from 1, that are of another form
 */
public record DotEnv(Map<String, String> values, List<Integer> passedOver) {
  private static final Pattern BEGIN =
      Pattern.compile("[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*=");
  private static final Pattern SINGLE = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'", Pattern.DOTALL);
  private static final Pattern DOUBLE =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);
  private static final Pattern BARE = Pattern.compile("[^\\r\\n]*");
  private static final Pattern END = Pattern.compile("[ \\t]*(?:#[^\\r\\n]*)?(?=[\\r\\n]|\\z)");
  private static final Pattern EMPTY = Pattern.compile("[ \\t]*(?:#[^\\r\\n]*)?");
  private static final Pattern NAMED =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

  public DotEnv {
    values = Map.copyOf(values);
    passedOver = List.copyOf(passedOver);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "a .env of " + values.keySet();
  }

  /**
   * @param environment what {@code ${NAME}} means, before what stands in the file
   */
  public static DotEnv parse(String text, Map<String, String> environment) {
    var values = new LinkedHashMap<String, String>();
    var passedOver = new ArrayList<Integer>();
    var at = text.startsWith("\uFEFF") ? 1 : 0;
    while (at < text.length()) {
      var lineEnd = lineEnd(text, at);
      var begin = region(BEGIN, text, at);
      var value = begin == null ? null : value(text, begin.end());
      if (begin != null && value != null) {
        values.put(begin.group(1), filled(value.text(), values, environment));
        lineEnd = lineEnd(text, value.end());
      } else if (!EMPTY.matcher(text.substring(at, lineEnd)).matches()) {
        passedOver.add((int) text.substring(0, at).lines().count() + 1);
      }
      at = next(text, lineEnd);
    }
    return new DotEnv(values, passedOver);
  }

  private record Value(String text, int end) {}

  private static @Nullable Value value(String text, int begin) {
    var at = begin;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    var quote = at < text.length() ? text.charAt(at) : '\n';
    if (quote != '\'' && quote != '"') {
      var bare = region(BARE, text, begin);
      return bare == null
          ? null
          : new Value(bare.group().replaceFirst("\\s+#.*", "").strip(), bare.end());
    }
    var quoted = region(quote == '"' ? DOUBLE : SINGLE, text, at);
    var end = quoted == null ? null : region(END, text, quoted.end());
    if (quoted == null || end == null) {
      return null;
    }
    var inside = quoted.group(1);
    return new Value(
        quote == '"' ? unescaped(inside) : inside.replaceAll("\\\\([\\\\'])", "$1"), end.end());
  }

  private static String unescaped(String text) {
    return Pattern.compile("\\\\([\\\\'\"abfnrtv])")
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    switch (found.group(1)) {
                      case "a" -> "\u0007";
                      case "b" -> "\b";
                      case "f" -> "\f";
                      case "n" -> "\n";
                      case "r" -> "\r";
                      case "t" -> "\t";
                      case "v" -> "\u000B";
                      default -> found.group(1);
                    }));
  }

  private static String filled(
      String text, Map<String, String> values, Map<String, String> environment) {
    return NAMED
        .matcher(text)
        .replaceAll(
            found -> {
              var name = found.group(1);
              var fallback = found.group(2) == null ? "" : found.group(2);
              return Matcher.quoteReplacement(
                  environment.getOrDefault(name, values.getOrDefault(name, fallback)));
            });
  }

  private static @Nullable Matcher region(Pattern pattern, String text, int at) {
    var matcher = pattern.matcher(text).region(at, text.length());
    return matcher.lookingAt() ? matcher : null;
  }

  private static int lineEnd(String text, int at) {
    var end = at;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  private static int next(String text, int lineEnd) {
    return text.startsWith("\r\n", lineEnd) ? lineEnd + 2 : lineEnd + 1;
  }
}
