package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.decide.Words;
import io.nexus.heartbeat.net.Plain;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a notice says, for every channel that writes text. The same notice always makes the same
 * text, so that a repeat after a crash is recognised as one.
 */
final class MessageText {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("d MMM HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  // Room for each part, so that a cause of 100 kB does not push out what is done about it.
  private static final int NAME = 140;
  private static final int CAUSE = 1000;
  private static final int REMEDY = 600;
  private static final int HAPPENING = 240;
  private static final int HAPPENINGS = 6;

  /** A piece of text, perhaps emphasised. */
  private record Piece(String text, boolean bold) {}

  private final List<Piece> pieces = new ArrayList<>();

  private MessageText() {}

  static MessageText of(Notice notice) {
    var text = new MessageText();
    text.headline(notice);
    text.cause(notice);
    text.times(notice);
    text.news(notice);
    if (notice.resolvedAt() == null && !isUnwatched(notice) && !notice.remedy().isBlank()) {
      text.plain("\n→ " + line(notice.remedy(), REMEDY));
    }
    text.plain("\nIncident " + line(notice.shortId(), NAME));
    return text;
  }

  /** As it stands, at most so many UTF-16 units. */
  String plain(int units) {
    var all = new StringBuilder();
    fitted(units).forEach(piece -> all.append(piece.text));
    return all.toString();
  }

  /** In HTML as Telegram reads it, so many UTF-16 units once the entities are parsed. */
  String html(int units) {
    var all = new StringBuilder();
    for (var piece : fitted(units)) {
      var escaped = piece.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
      all.append(piece.bold ? "<b>" + escaped + "</b>" : escaped);
    }
    return all.toString();
  }

  /** On one line, for a log. */
  String line() {
    return line(plain(Integer.MAX_VALUE / 8).replace("\n", " | "), 4096);
  }

  /** Cut before anything is escaped, so that no entity and no tag is ever cut. */
  private List<Piece> fitted(int units) {
    var fitted = new ArrayList<Piece>();
    var left = units;
    for (var piece : pieces) {
      if (left < 2) {
        break;
      }
      fitted.add(new Piece(cut(piece.text, left), piece.bold));
      left -= piece.text.length();
    }
    return fitted;
  }

  /** Closed because nobody looks any more; whether it is over is not known. */
  static boolean isUnwatched(Notice notice) {
    return notice.news().getLast().kind() == Kind.Unwatched;
  }

  /** One line of at most so many UTF-16 units, whatever others put into it. */
  static String line(String text, int units) {
    return cut(Plain.text(text, units), units);
  }

  /** Cut between code points, with an ellipsis when something is missing. */
  private static String cut(String text, int units) {
    if (text.length() <= units) {
      return text;
    }
    var end = units - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  private void headline(Notice notice) {
    if (isUnwatched(notice)) {
      plain("⏹ ");
      bold("Unwatched");
    } else if (notice.resolvedAt() == null) {
      plain(emoji(notice.level()) + " ");
      bold(notice.level().name());
    } else {
      plain("✅ ");
      bold("Resolved");
    }
    plain(" " + line(notice.monitor(), NAME) + " › ");
    bold(line(notice.target(), NAME));
  }

  private static String emoji(Level level) {
    return switch (level) {
      case Healthy -> "🟢";
      case Degraded -> "🟡";
      case Unknown -> "⚪";
      case Critical -> "🔴";
    };
  }

  private void cause(Notice notice) {
    if (isUnwatched(notice)) {
      plain("\n" + line(notice.news().getLast().text(), CAUSE));
      return;
    }
    var cause = line(notice.cause(), CAUSE);
    if (!cause.isEmpty()) {
      var over = notice.resolvedAt() != null || notice.level() == Level.Healthy;
      plain(over ? "\nIt was: " + cause : "\n" + cause);
    }
  }

  private void times(Notice notice) {
    var opened = notice.openedAt();
    if (notice.resolvedAt() instanceof Instant resolved) {
      var lasted = Words.of(Duration.between(opened, resolved));
      plain("\nLasted " + lasted + ", " + WHEN.format(opened) + " to " + WHEN.format(resolved));
    } else {
      var known = Duration.between(opened, notice.news().getLast().at());
      var lasting = known.toSeconds() < 1 ? "" : ", for " + Words.of(known);
      plain("\nSince " + WHEN.format(opened) + lasting);
    }
  }

  private void news(Notice notice) {
    var worthTelling = notice.news().stream().filter(h -> addsTo(notice, h)).toList();
    var skipped = Math.max(0, worthTelling.size() - HAPPENINGS);
    if (skipped > 0) {
      plain("\n• " + skipped + " earlier");
    }
    for (var happening : worthTelling.subList(skipped, worthTelling.size())) {
      var said = line(happening.text(), HAPPENING);
      plain("\n• " + TIME.format(happening.at()) + " " + said);
    }
  }

  /** The headline and the cause already say that it opened, and how; and that it is closed. */
  private static boolean addsTo(Notice notice, Happening happening) {
    return happening.kind() != Kind.Opened
        && happening.kind() != Kind.Resolved
        && happening.kind() != Kind.Unwatched
        && !happening.text().isBlank()
        && !happening.text().equals(notice.cause())
        && !(notice.resolvedAt() == null && happening.text().equals(notice.remedy()));
  }

  private void plain(String text) {
    pieces.add(new Piece(text, false));
  }

  private void bold(String text) {
    if (!text.isEmpty()) {
      pieces.add(new Piece(text, true));
    }
  }
}
