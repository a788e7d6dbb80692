package io.nexus.heartbeat.net;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text that came over the wire, made harmless to show. */
public final class Plain {
  // ECMA-48: CSI sequences such as colours, and OSC sequences such as titles and links.
  private static final Pattern TERMINAL =
      Pattern.compile(
          "\u001B\\[[0-?]*[ -/]*[@-~]|\u001B\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?|\u001B.?");

  private Plain() {}

  /**
   * One line without terminal sequences, control, bidirectional and other invisible characters, of
   * at most {@code most} characters; an ellipsis says that there was more.
   */
  public static String text(String text, int most) {
    var raw = text.indexOf('\u001B') < 0 ? text : TERMINAL.matcher(text).replaceAll("");
    var plain = new StringBuilder(Math.min(raw.length(), most));
    var shown = 0;
    var gap = false;
    for (var i = 0; i < raw.length(); ) {
      var c = raw.codePointAt(i);
      i += Character.charCount(c);
      if (!isShown(c)) {
        gap = gap || Character.isWhitespace(c);
        continue;
      }
      var space = Character.isSpaceChar(c);
      if (space || gap) {
        gap = space;
        if (shown > 0 && plain.charAt(plain.length() - 1) != ' ') {
          plain.append(' ');
          shown++;
        }
        if (space) {
          continue;
        }
      }
      if (shown >= most) {
        return plain.toString().stripTrailing() + "…";
      }
      plain.appendCodePoint(c);
      shown++;
    }
    return plain.toString().stripTrailing();
  }

  public static String text(byte[] raw, int from, int length, int most) {
    return text(new String(raw, from, length, StandardCharsets.UTF_8), most);
  }

  /** "5 s", "2.3 s", "250 ms". */
  public static String duration(Duration duration) {
    var millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    return millis % 1000 < 50
        ? millis / 1000 + " s"
        : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      // FORMAT holds the bidirectional marks (Unicode TR9) and the zero-width characters.
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
