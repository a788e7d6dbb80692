package io.nexus.heartbeat.check;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.nexus.heartbeat.check.Evaluations.Stop;

/**
 * {@code matches} of an expression, which RE2 keeps linear in its text; the size of the program
 * that it makes of a pattern is bounded here, because repetitions multiply it.
 */
record BoundedMatch(Stop stop) {
  private static final int MOST_CHARACTERS = 512;
  private static final int MOST_REPETITIONS = 1000;
  private static final Pattern REPETITION = Pattern.compile("\\{([0-9]+)(?:,([0-9]*))?\\}");

  /**
   * @throws IllegalArgumentException the pattern is none, or too large
   */
  boolean matches(String text, String pattern) {
    if (pattern.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("the regular expression is too long");
    }
    var repetitions = 1L;
    var found = REPETITION.matcher(pattern);
    while (found.find()) {
      repetitions *= Math.max(1, Math.max(number(found.group(1)), number(found.group(2))));
      if (repetitions > MOST_REPETITIONS) {
        throw new IllegalArgumentException("the regular expression repeats too much");
      }
    }
    try {
      return Pattern.compile(pattern).matcher(new Watched(text, stop)).find();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a regular expression: " + e.getMessage(), e);
    }
  }

  private static long number(String digits) {
    if (digits == null || digits.isEmpty()) {
      return 1;
    }
    return digits.length() > 4 ? Integer.MAX_VALUE : Long.parseLong(digits);
  }

  /** Reading it ends when the evaluation must. */
  private record Watched(CharSequence text, Stop stop) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      stop.check();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new Watched(text.subSequence(from, to), stop);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
