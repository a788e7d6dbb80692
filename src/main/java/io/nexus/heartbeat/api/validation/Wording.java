package io.nexus.heartbeat.api.validation;

/** A pattern that did not match, in words. */
final class Wording {
  private Wording() {}

  /** The value is repeated only where it cannot hold a secret. */
  static String of(String pattern, String path, String text) {
    var field = path.substring(path.lastIndexOf('.') + 1);
    if (pattern.contains("h|m|s|ms")) {
      return "'" + text + "' is not a duration; right would be 30s, 1m30s, 2h or 500ms";
    }
    if (pattern.contains("://")) {
      return "not a URL as it must be here: it should match " + pattern;
    }
    return field.equals("value")
        ? "should match " + pattern
        : "'" + text + "' should match " + pattern;
  }
}
