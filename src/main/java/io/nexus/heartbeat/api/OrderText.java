package io.nexus.heartbeat.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an order says. Its text is words between spaces: what it is about, {@code by=NAME} who gives
 * it, and {@code at=TIME}, a time or a number, which makes it another one than the last; {@code
 * at=} may be left out.
 *
 * @param words targets, or the step that is approved
 * @param lasting how long a pause lasts; null: until it is resumed
 * @param at when it was given, where that is said
 * @param by who gives it
 */
public record OrderText(
    List<String> words, @Nullable Duration lasting, @Nullable Instant at, String by) {
  /** Longer texts are refused. */
  public static final int LONGEST = 256;

  /** Who gives an order that does not say. */
  public static final String ANNOTATION = "annotation";

  private static final int LONGEST_NAME = 80;
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** Of a pause a smaller number is more likely meant as how long it lasts. */
  private static final Pattern SECONDS = Pattern.compile("[0-9]{9,}");

  private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt].*");
  private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9._:@/+-]");

  /**
   * @throws IllegalArgumentException it is not understood, with what would be right
   */
  public static OrderText parse(Order order, String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "it is %d characters long; at most %d are read".formatted(text.length(), LONGEST));
    }
    if (!PRINTABLE.matcher(text).matches()) {
      throw new IllegalArgumentException("it holds characters that are not printable ASCII");
    }
    var words = new ArrayList<String>();
    var by = by(text);
    @Nullable Instant at = null;
    for (var word : text.strip().split(" +", -1)) {
      if (word.startsWith("at=") || TIME.matcher(word).matches()) {
        at = time(word.startsWith("at=") ? word.substring("at=".length()) : word);
      } else if (!word.isEmpty() && !word.startsWith("by=") && !isNumber(order, word)) {
        words.add(word);
      }
    }
    return switch (order) {
      case Pause -> new OrderText(List.of(), lasting(words), at, by);
      case Resume -> new OrderText(none(words), null, at, by);
      case Approve -> new OrderText(one(words), null, at, by);
      case Ack, Reset, RunNow -> new OrderText(List.copyOf(words), null, at, by);
    };
  }

  /** Who gives it, also of a text that is not understood. */
  public static String by(String text) {
    for (var word : text.split(" ", -1)) {
      if (word.startsWith("by=") && word.length() > "by=".length()) {
        return name(word.substring("by=".length()));
      }
    }
    return ANNOTATION;
  }

  /** As a command writes it. */
  public static String written(List<String> words, Instant at, String by) {
    var all = new ArrayList<>(words);
    all.add("at=" + at);
    all.add("by=" + name(by));
    return String.join(" ", all);
  }

  private static boolean isNumber(Order order, String word) {
    return (order == Order.Pause ? SECONDS : NUMBER).matcher(word).matches();
  }

  private static String name(String given) {
    var name = UNUSUAL.matcher(given).replaceAll("?");
    return name.substring(0, Math.min(LONGEST_NAME, name.length()));
  }

  private static @Nullable Instant time(String text) {
    if (NUMBER.matcher(text).matches()) {
      return null; // of `date +%s`, or of no clock at all: it is new, and that is all it says
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time; right would be 2026-12-01T02:00:00Z");
    }
  }

  private static @Nullable Duration lasting(List<String> words) {
    if (words.isEmpty()) {
      return null;
    }
    if (words.size() > 1) {
      throw new IllegalArgumentException(
          "one duration is right, such as 2h; '%s' is more".formatted(String.join(" ", words)));
    }
    var lasting = GoDuration.parse(words.getFirst());
    if (lasting.isZero()) {
      throw new IllegalArgumentException("a pause of 0s is none; to end one, resume it");
    }
    return lasting;
  }

  private static List<String> none(List<String> words) {
    if (!words.isEmpty()) {
      throw new IllegalArgumentException(
          "it is for the whole monitor; '%s' is too much".formatted(String.join(" ", words)));
    }
    return List.of();
  }

  private static List<String> one(List<String> words) {
    if (words.size() != 1) {
      throw new IllegalArgumentException(
          "it names one step, by the id that status and message show, such as 8442-1f3a");
    }
    return List.copyOf(words);
  }
}
