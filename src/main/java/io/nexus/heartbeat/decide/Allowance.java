package io.nexus.heartbeat.decide;

import static java.util.Comparator.naturalOrder;

import io.nexus.heartbeat.api.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** At most so many acts in any window of that length. */
public record Allowance(int actions, Duration per) {
  public static final Duration LONGEST = Duration.ofDays(7);
  private static final Pattern FORM = Pattern.compile("([0-9]{1,5})/([0-9hms]+)");

  /**
   * Reads {@code 20/1h}.
   *
   * @param most the most acts that are right here
   * @throws IllegalArgumentException saying what would be right
   */
  public static Allowance parse(String text, int most) {
    var form = FORM.matcher(text.strip());
    try {
      if (form.matches() && Integer.parseInt(form.group(1)) <= most) {
        var per = GoDuration.parse(form.group(2));
        if (per.isPositive() && per.compareTo(LONGEST) <= 0) {
          return new Allowance(Integer.parseInt(form.group(1)), per);
        }
      }
    } catch (IllegalArgumentException _) {
      // The same words for whichever half is wrong.
    }
    throw new IllegalArgumentException(
        "'%s' is no number of acts in a time; right would be such as 2/24h, with at most %d acts in at most 168h"
            .formatted(text, most));
  }

  /**
   * Why one act more would be too many; empty: it would not. Whatever is said to be later than now
   * counts too: clocks differ.
   *
   * @param acts when there were acts, in whatever order
   */
  Optional<String> spent(List<Instant> acts, Instant now) {
    var counted = acts.stream().filter(at -> at.isAfter(now.minus(per))).sorted().toList();
    if (counted.size() < actions) {
      return Optional.empty();
    }
    if (actions == 0) {
      return Optional.of("no act is allowed");
    }
    var until = counted.get(counted.size() - actions).plus(per);
    return Optional.of(
        "%d of %d acts in %s are spent, until %s"
            .formatted(counted.size(), actions, Words.of(per), Words.of(until)));
  }

  /** The longer of two windows. */
  static Duration longer(Duration a, Duration b) {
    return List.of(a, b).stream().max(naturalOrder()).orElseThrow();
  }

  /** {@code 20/1h}. */
  @Override
  public String toString() {
    return actions + "/" + GoDuration.format(per);
  }
}
