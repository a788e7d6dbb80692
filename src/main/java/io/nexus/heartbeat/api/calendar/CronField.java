package io.nexus.heartbeat.api.calendar;

import java.util.List;
import java.util.Locale;

/** One of the five fields of a schedule. */
enum CronField {
  MINUTE("minute", 0, 59, List.of()),
  HOUR("hour", 0, 23, List.of()),
  DAY_OF_MONTH("day of month", 1, 31, List.of()),
  MONTH(
      "month",
      1,
      12,
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
  /** From Sunday, 0, which is 7 too. */
  DAY_OF_WEEK("day of week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

  private final String words;
  private final int lowest;
  private final int highest;
  private final List<String> names;

  CronField(String words, int lowest, int highest, List<String> names) {
    this.words = words;
    this.lowest = lowest;
    this.highest = highest;
    this.names = names;
  }

  /**
   * The values that a field names.
   *
   * @param bits by value
   * @param every it is {@code *}
   */
  record Values(long bits, boolean every) {
    boolean has(int value) {
      return (bits >> value & 1) != 0;
    }
  }

  /**
   * @throws IllegalArgumentException naming the field and what would be right
   */
  Values parse(String text) {
    var bits = 0L;
    for (var part : text.split(",", -1)) {
      bits |= part(part);
    }
    if (this == DAY_OF_WEEK && (bits >> 7 & 1) != 0) {
      bits = bits & ~(1L << 7) | 1;
    }
    return new Values(bits, text.equals("*"));
  }

  private long part(String part) {
    var slash = part.indexOf('/');
    var range = slash < 0 ? part : part.substring(0, slash);
    var step = slash < 0 ? 1 : step(part, part.substring(slash + 1));
    var dash = range.indexOf('-');
    var from =
        range.equals("*") ? lowest : value(part, dash < 0 ? range : range.substring(0, dash));
    var to = range.equals("*") || dash < 0 && slash >= 0 ? last() : from;
    if (dash >= 0) {
      to = value(part, range.substring(dash + 1));
    }
    if (to < from) {
      throw mistake(part, "runs backwards; name the two parts, with a comma between");
    }
    var bits = 0L;
    for (var value = from; value <= to; value += step) {
      bits |= 1L << value;
    }
    return bits;
  }

  /** Of the week it is Saturday, for the second Sunday is the first. */
  private int last() {
    return this == DAY_OF_WEEK ? 6 : highest;
  }

  private int step(String part, String text) {
    if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) == 0) {
      throw mistake(part, "has no step of 1 or more behind the '/'");
    }
    return Integer.parseInt(text);
  }

  private int value(String part, String text) {
    var named = names.indexOf(text.toUpperCase(Locale.ROOT));
    if (named >= 0) {
      return named + lowest;
    }
    if (!text.matches("[0-9]{1,2}")
        || Integer.parseInt(text) < lowest
        || Integer.parseInt(text) > highest) {
      throw mistake(
          part,
          "is not of %d to %d%s"
              .formatted(
                  lowest,
                  highest,
                  names.isEmpty() ? "" : " or " + names.getFirst() + " to " + names.getLast()));
    }
    return Integer.parseInt(text);
  }

  private IllegalArgumentException mistake(String part, String why) {
    return new IllegalArgumentException(words + " '" + part + "' " + why);
  }
}
