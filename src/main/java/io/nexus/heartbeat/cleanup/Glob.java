package io.nexus.heartbeat.cleanup;

import com.google.re2j.Pattern;

/**
 * Names with {@code *} and {@code ?}, and paths in which {@code **} stands for any number of
 * directories. Not Java's own: that knows only names that the locale can spell.
 */
final class Glob {
  private final Pattern pattern;
  private final boolean ofPath;

  Glob(String glob) {
    ofPath = glob.indexOf('/') >= 0;
    pattern = Pattern.compile(expression(glob), Pattern.DOTALL);
  }

  /** It speaks of paths from the root on, and not of names. */
  boolean isOfPath() {
    return ofPath;
  }

  boolean matches(String nameOrPath) {
    return pattern.matches(nameOrPath);
  }

  private static String expression(String glob) {
    var expression = new StringBuilder();
    for (var i = 0; i < glob.length(); i++) {
      var c = glob.charAt(i);
      if (glob.startsWith("**/", i) && (i == 0 || glob.charAt(i - 1) == '/')) {
        expression.append("(.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        expression.append(".*");
        i++;
      } else if (c == '*') {
        expression.append("[^/]*");
      } else if (c == '?') {
        expression.append("[^/]");
      } else {
        expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }
}
