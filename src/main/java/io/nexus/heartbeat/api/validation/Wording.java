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
    if (pattern.contains("KMGTPE")) {
      return "'" + text + "' is no limit; right would be 80, 80%, 512Mi or 2s";
    }
    if (pattern.contains("h|m|s|ms")) {
      return "'" + text + "' is not a duration; right would be 30s, 1m30s, 2h or 500ms";
    }
    if (pattern.contains("://")) {
      return url(pattern, text);
    }
    if (pattern.contains("[A-Za-z0-9_.-]*")) {
      return "'" + text + "' is not a host name or IP address";
    }
    if (field.equals("schedule")) {
      return "'"
          + text
          + "' is no schedule; right would be minute, hour, day of month, month and day of week,"
          + " such as 0 22 * * *";
    }
    if (name != null) {
      return "'" + text + "' is not " + name;
    }
    return field.equals("value") || mayHoldSecret(path)
        ? "should match " + pattern
        : "'" + text + "' should match " + pattern;
  }

  /** Without the URL itself: there may be a password in it. */
  private static String url(String pattern, String text) {
    var schemes = pattern.substring(1, pattern.indexOf("://"));
    return Pattern.compile("^(" + schemes + ")://").matcher(text).find()
        ? "not a URL: it holds a space or another character that must be percent-encoded"
        : "the URL must begin with " + words(schemes);
  }

  /** {@code https?} or {@code (postgres|postgresql)}. */
  private static String words(String schemes) {
    var names =
        schemes.endsWith("?")
            ? new String[] {
              schemes.substring(0, schemes.length() - 2), schemes.substring(0, schemes.length() - 1)
            }
            : schemes.replaceAll("[()]", "").split("[|]", -1);
    return String.join("://" + " or ", names) + "://";
  }

  static boolean mayHoldSecret(String path) {
    return REFERENCE.matcher(path).find();
  }
}
