package io.nexus.heartbeat.alert;

import java.time.Duration;
import java.util.regex.Pattern;

/** Text of others, made fit for one line of a message. */
final class Words {
  // ECMA-48: CSI sequences such as colours, and OSC sequences such as titles and links.
  private static final Pattern TERMINAL =
      Pattern.compile(
          "\u001B\\[[0-?]*[ -/]*[@-~]|\u001B\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?|\u001B.?");

  private Words() {}

  /**
   * One line without anything that moves a cursor or turns the reading direction, at most so many
   * UTF-16 units long.
   */
  static String line(String text, int units) {
    // Whatever is thrown out, a little more than the limit is all that can ever be shown.
    var head = text.length() > 4 * units ? text.substring(0, 4 * units) : text;
    var clean = new StringBuilder(head.length());
    TERMINAL.matcher(head).replaceAll("").codePoints().forEach(c -> append(clean, c));
    var stripped = clean.toString().strip();
    return head.length() < text.length() && stripped.length() < units
        ? cut(stripped + "…", units)
        : cut(stripped, units);
  }

  private static void append(StringBuilder out, int codePoint) {
    if (codePoint == '\n' || codePoint == '\r' || codePoint == '\t') {
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
        out.append(' ');
      }
    } else if (Character.getType(codePoint) == Character.SURROGATE) {
      out.append('\uFFFD'); // half a pair has no UTF-8
    } else if (!isHidden(codePoint)) {
      out.appendCodePoint(codePoint);
    }
  }

  private static boolean isHidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      // Bidirectional marks and the like are FORMAT; the joiner that holds an emoji together too.
      case Character.FORMAT -> codePoint != 0x200D;
      default -> false;
    };
  }

  /** Cut between code points, with an ellipsis when something is missing. */
  static String cut(String text, int units) {
    if (text.length() <= units) {
      return text;
    }
    var end = units - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /** {@code 45 s}, {@code 4 min 10 s}, {@code 3 h 5 min}, {@code 2 d 4 h}. */
  static String duration(Duration duration) {
    var seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    return seconds < 86_400
        ? two(seconds / 3600, "h", seconds % 3600 / 60, "min")
        : two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  private static String two(long big, String bigUnit, long small, String smallUnit) {
    return small == 0 ? big + " " + bigUnit : big + " " + bigUnit + " " + small + " " + smallUnit;
  }
}
