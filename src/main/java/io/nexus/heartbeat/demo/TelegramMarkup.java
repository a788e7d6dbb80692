package io.nexus.heartbeat.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTML as Telegram reads it (core.telegram.org/bots/api#html-style): what it refuses is refused, in
 * its words.
 */
final class TelegramMarkup {
  private static final Set<String> TAGS =
      Set.of(
          "a",
          "b",
          "strong",
          "i",
          "em",
          "s",
          "strike",
          "del",
          "u",
          "ins",
          "tg-spoiler",
          "tg-emoji",
          "span",
          "pre",
          "code",
          "blockquote");
  private static final Pattern ENTITY =
      Pattern.compile("&(lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);");

  private TelegramMarkup() {}

  /** The markup is refused. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super("can't parse entities: " + message);
    }
  }

  /** The text that people see. */
  static String parse(String html) throws Refused {
    var text = new StringBuilder();
    var open = new ArrayDeque<String>();
    var at = 0;
    while (at < html.length()) {
      var tag = html.indexOf('<', at);
      if (tag < 0) {
        text.append(unescaped(html.substring(at)));
        break;
      }
      text.append(unescaped(html.substring(at, tag)));
      var end = html.indexOf('>', tag);
      if (end < 0) {
        throw new Refused("Unclosed start tag at byte offset " + bytes(html, tag));
      }
      tag(html, tag, html.substring(tag + 1, end), open);
      at = end + 1;
    }
    if (!open.isEmpty()) {
      throw new Refused("Can't find end tag corresponding to start tag \"" + open.getLast() + "\"");
    }
    return text.toString();
  }

  private static void tag(String html, int at, String inside, ArrayDeque<String> open)
      throws Refused {
    var name = inside.split("\\s", 2)[0].toLowerCase(Locale.ROOT);
    if (name.startsWith("/")) {
      var ended = name.substring(1);
      if (open.isEmpty()) {
        throw new Refused("Unexpected end tag at byte offset " + bytes(html, at));
      }
      var expected = open.removeLast();
      if (!ended.equals(expected)) {
        throw new Refused(
            "Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\""
                .formatted(bytes(html, at), expected, ended));
      }
    } else if (TAGS.contains(name)) {
      open.addLast(name);
    } else {
      throw new Refused(
          "Unsupported start tag \"%s\" at byte offset %d".formatted(name, bytes(html, at)));
    }
  }

  /** An entity it does not know stays as it is written. */
  private static String unescaped(String text) {
    return ENTITY.matcher(text).replaceAll(match -> replacement(match.group(1)));
  }

  private static String replacement(String entity) {
    var character =
        switch (entity) {
          case "lt" -> "<";
          case "gt" -> ">";
          case "amp" -> "&";
          case "quot" -> "\"";
          default -> numeric(entity);
        };
    return Matcher.quoteReplacement(character);
  }

  private static String numeric(String entity) {
    try {
      var codePoint =
          entity.startsWith("#x")
              ? Integer.parseInt(entity.substring(2), 16)
              : Integer.parseInt(entity.substring(1));
      return Character.isValidCodePoint(codePoint)
          ? Character.toString(codePoint)
          : "&" + entity + ";";
    } catch (NumberFormatException _) {
      return "&" + entity + ";";
    }
  }

  private static int bytes(String html, int at) {
    return html.substring(0, at).getBytes(StandardCharsets.UTF_8).length;
  }
}
