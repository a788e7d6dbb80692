package io.nexus.heartbeat.api.validation;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A pattern that did not match, in words. */
final class Wording {
  /** Where a token is pasted by mistake: in the reference to the Secret that should hold it. */
  private static final Pattern REFERENCE =
      Pattern.compile("(^|[.])(\\w*From|secretKeyRef)([.\\[]|$)");

  private Wording() {}

  /**
   * The value is repeated only where it cannot hold a secret.
   *
   * @param name what would be right, if there is a word for it
   */
  static String of(String pattern, @Nullable Object name, String path, String text) {
    var field = path.substring(path.lastIndexOf('.') + 1);
    if (pattern.contains("(%|")) {
      return "'" + text + "' is no limit; right would be 80, 80%, 512Mi or 2s";
    }
    if (pattern.contains("h|m|s|ms")) {
      return "'" + text + "' is not a duration; right would be 30s, 1m30s, 2h or 500ms";
    }
    if (pattern.contains("://")) {
      return "not a URL as it must be here: it should match " + pattern;
    }
    if (name != null) {
      return "'" + text + "' is not " + name;
    }
    return field.equals("value") || mayHoldSecret(path)
        ? "should match " + pattern
        : "'" + text + "' should match " + pattern;
  }

  static boolean mayHoldSecret(String path) {
    return REFERENCE.matcher(path).find();
  }
}
