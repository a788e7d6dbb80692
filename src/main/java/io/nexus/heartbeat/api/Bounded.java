package io.nexus.heartbeat.api;

/**
 * The bounds of texts in status. Records cut what is longer, because the API server would refuse
 * the whole status for one long message.
 */
final class Bounded {
  static final int MESSAGE = 1024;

  private Bounded() {}

  static String message(String text) {
    return text(text, MESSAGE);
  }

  static String text(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
