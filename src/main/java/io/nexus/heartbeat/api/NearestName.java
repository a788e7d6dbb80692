package io.nexus.heartbeat.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What a person probably meant. */
public final class NearestName {
  private NearestName() {}

  /** {@code ; did you mean 'redis'?}, or the names there are when none is near. */
  public static String hint(String written, Collection<String> known) {
    var nearest = near(written, known);
    if (nearest.isPresent()) {
      return "; did you mean '" + nearest.get() + "'?";
    }
    return known.isEmpty()
        ? "; there are none here"
        : "; right would be " + String.join(", ", known);
  }

  /** The nearest of them, where one is near; of many it is no use to name all. */
  public static Optional<String> near(String written, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(written, name)))
        .filter(name -> distance(written, name) <= Math.max(1, written.length() / 3));
  }

  /**
   * What is wrong with a name, and the nearest that there is.
   *
   * @param said the first half of the message
   */
  public static String unknown(String written, String said, Collection<String> known) {
    return said + hint(written, known.stream().sorted().toList());
  }

  /** Levenshtein's, with two neighbours exchanged counted as one, letter case as none. */
  public static int distance(String left, String right) {
    var a = left.toLowerCase(java.util.Locale.ROOT);
    var b = right.toLowerCase(java.util.Locale.ROOT);
    var d = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        var same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
