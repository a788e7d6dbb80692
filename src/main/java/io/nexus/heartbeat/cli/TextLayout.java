package io.nexus.heartbeat.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.nexus.heartbeat.secret.Mask;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Logs for people: a record is a line. What others said may be in a message, so what would begin
 * another line or steer a terminal is escaped; a stack trace follows, indented, so that no part of
 * it can pass for a record.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Function<Level, String> prefix;
  private final Head head;
  private final Mask mask;

  /** What stands before the message of a record. */
  private interface Head {
    String of(ILoggingEvent event);
  }

  /**
   * @param prefix before each line, also of a stack trace
   * @param mask applied before anything is escaped: a secret of several lines is not known by its
   *     escaped form
   */
  private TextLayout(Function<Level, String> prefix, Head head, Mask mask) {
    this.prefix = prefix;
    this.head = head;
    this.mask = mask;
  }

  /** For a terminal or a file. */
  static TextLayout plain(boolean colours, Mask mask) {
    return new TextLayout(
        _ -> "",
        event ->
            TIME.format(Instant.ofEpochMilli(event.getTimeStamp()))
                + " "
                + word(event.getLevel(), colours)
                + " ",
        mask);
  }

  /** For systemd's journal, which has the time itself and takes levels as sd-daemon(3) has them. */
  static TextLayout journal(Mask mask) {
    return new TextLayout(level -> "<" + priority(level) + ">", _ -> "", mask);
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    var name = event.getLoggerName();
    return prefix.apply(event.getLevel())
        + head.of(event)
        + escaped(name.substring(name.lastIndexOf('.') + 1), false)
        + ": "
        + escaped(mask.apply(event.getFormattedMessage()), false)
        + "\n"
        + (event.getThrowableProxy() == null
            ? ""
            : trace(event.getThrowableProxy(), prefix.apply(event.getLevel())));
  }

  private static String word(Level level, boolean colours) {
    var padded = "%-5s".formatted(level);
    var colour =
        switch (level.toInt()) {
          case Level.ERROR_INT -> "1;31";
          case Level.WARN_INT -> "31";
          case Level.INFO_INT -> "34";
          default -> "39";
        };
    return colours ? "\u001b[" + colour + "m" + padded + "\u001b[0;39m" : padded;
  }

  private static int priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }

  private String trace(IThrowableProxy thrown, String before) {
    return escaped(mask.apply(ThrowableProxyUtil.asString(thrown)), true)
        .lines()
        .map(line -> before + "  " + line + "\n")
        .collect(Collectors.joining());
  }

  private static String escaped(String text, boolean severalLines) {
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isHarmless(c) || (severalLines && (c == '\n' || c == '\t'))) {
                safe.appendCodePoint(c);
              } else {
                safe.append(escape(c));
              }
            });
    return safe.toString();
  }

  /** Cf has the characters that turn the direction of a text, Zl and Zp are ends of lines. */
  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted(c);
    };
  }
}
