package io.nexus.heartbeat.cleanup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Names of files as they can be shown in one line of a terminal, and told apart: what is not
 * printable is written as programs write it, and so is a backslash.
 */
final class Shown {
  private Shown() {}

  static String text(String text) {
    var shown = new StringBuilder();
    text.codePoints().forEach(c -> append(shown, c));
    return shown.toString();
  }

  /** Of bytes that need not be UTF-8. */
  static String text(byte[] raw) {
    try {
      return text(UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString());
    } catch (CharacterCodingException _) {
      var shown = new StringBuilder();
      for (var b : raw) {
        if (b >= 0) {
          append(shown, b);
        } else {
          shown.append("\\x%02x".formatted(b));
        }
      }
      return shown.toString();
    }
  }

  /** An ellipsis says that there was more. */
  static String text(byte[] raw, int most) {
    var whole = text(raw);
    return whole.length() <= most ? whole : whole.substring(0, most - 1) + "…";
  }

  private static void append(StringBuilder shown, int c) {
    switch (c) {
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      case '\\' -> shown.append("\\\\");
      default -> {
        if (isPrintable(c)) {
          shown.appendCodePoint(c);
        } else {
          shown.append("\\u{%x}".formatted(c));
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      // FORMAT holds the bidirectional marks, which turn a name around (Unicode TR9).
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
