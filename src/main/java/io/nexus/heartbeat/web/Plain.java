package io.nexus.heartbeat.web;

/** Text of others on its way into a label or a line of text. */
final class Plain {
  /** As long as the longest name in Kubernetes. */
  private static final int LONGEST = 253;

  private Plain() {}

  /** One line without control or direction characters, of bounded length. */
  static String text(String text) {
    var plain = isPlain(text) ? text : stripped(text);
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST - 1) + "…";
  }

  private static boolean isPlain(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static String stripped(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints().map(c -> isUnsafe(c) ? ' ' : c).forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
