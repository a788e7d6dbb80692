package io.nexus.heartbeat.secret;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces every known secret value in a text by {@code ***}: as it is, URL-encoded, in base64
 * (also inside a longer base64, as in Basic authentication) and as a JSON string; and the beginning
 * of one that was cut short, which an ellipsis says.
 *
 * <p>Values shorter than {@value #SHORTEST} characters are not masked: they are in every text.
 * Holds the last {@value #MOST_CHARACTERS} characters of values that it learnt. Safe for many
 * threads.
 */
public final class Mask {
  static final int SHORTEST = 4;

  /** Of a longer value every piece of this size is masked by itself. */
  static final int PIECE = 1024;

  private static final int MOST_CHARACTERS = 512 * 1024;
  private static final String STARS = "***";

  /** What {@code net.Plain} ends a text with that was too long. */
  private static final char CUT = '…';

  /** Values, those used longest ago first. */
  private final LinkedHashMap<String, Boolean> values = new LinkedHashMap<>(16, 0.75f, true);

  private int characters;

  /** What to look for, by its first four characters in one number. Never changed, only replaced. */
  private volatile Map<Long, String[]> needles = Map.of();

  /** From now on this value is masked. Cheap when it is known already. */
  public void learn(SecretValue secret) {
    learn(secret.text());
  }

  /** The same for a text, such as a password found in a URL. */
  public void learn(String secret) {
    var value = secret.strip();
    if (value.length() < SHORTEST || value.length() > MOST_CHARACTERS) {
      return;
    }
    synchronized (values) {
      if (values.put(value, true) != null) {
        return;
      }
      characters += value.length();
      while (characters > MOST_CHARACTERS) {
        characters -= values.pollFirstEntry().getKey().length();
      }
      needles = index(values.sequencedKeySet());
    }
  }

  private static Map<Long, String[]> index(Iterable<String> values) {
    var lists = new HashMap<Long, List<String>>();
    for (var value : values) {
      for (var needle : Disguises.of(value)) {
        var same = lists.computeIfAbsent(start(needle, 0), _ -> new ArrayList<>(1));
        same.add(needle);
      }
    }
    var index = HashMap.<Long, String[]>newHashMap(lists.size());
    lists.forEach((start, same) -> index.put(start, same.toArray(String[]::new)));
    return index;
  }

  /** The text without secrets; the same object when there are none in it. */
  public String apply(String text) {
    var known = needles;
    if (known.isEmpty() || text.length() < SHORTEST) {
      return text;
    }
    StringBuilder masked = null;
    var copied = 0; // what comes before is in 'masked'
    var end = 0; // of the secret we are in; they may overlap
    for (var i = 0; i <= text.length() - SHORTEST; i++) {
      var length = longestAt(known, text, i);
      if (length == 0) {
        continue;
      }
      if (masked == null) {
        masked = new StringBuilder(text.length());
      }
      if (i >= end) {
        masked.append(text, Math.max(copied, end), i).append(STARS);
      }
      end = Math.max(end, i + length);
      copied = end;
    }
    return masked == null ? text : masked.append(text, copied, text.length()).toString();
  }

  private static int longestAt(Map<Long, String[]> known, String text, int at) {
    var candidates = known.get(start(text, at));
    var longest = 0;
    if (candidates != null) {
      for (var needle : candidates) {
        longest = Math.max(longest, shownOf(needle, text, at));
      }
    }
    return longest;
  }

  /** How much of it stands there: all, or what was left where somebody cut the text. */
  private static int shownOf(String needle, String text, int at) {
    if (text.startsWith(needle, at)) {
      return needle.length();
    }
    var left = text.indexOf(CUT, at) - at;
    return left >= SHORTEST
            && left < needle.length()
            && text.startsWith(needle.substring(0, left), at)
        ? left
        : 0;
  }

  private static long start(String text, int at) {
    return (long) text.charAt(at) << 48
        | (long) text.charAt(at + 1) << 32
        | (long) text.charAt(at + 2) << 16
        | text.charAt(at + 3);
  }
}
