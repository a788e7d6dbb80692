package io.nexus.heartbeat.decide;

import static java.util.stream.Collectors.joining;

import io.nexus.heartbeat.api.GoDuration;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.calendar.RecurringWindow;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a workload's owner lets happen to it at most, written on the workload as annotations; beside
 * it, when something was done to it, by whichever monitor. No monitor can loosen it: its own limits
 * hold as well.
 *
 * @param mistake why it cannot be read, in words; then nothing is done
 */
public record OwnerLimits(
    @Nullable Allowance actions,
    @Nullable Duration cooldown,
    List<RecurringWindow> windows,
    List<Instant> acts,
    @Nullable String mistake) {
  public static final String MAX_ACTIONS = HeartbeatMonitor.GROUP + "/max-actions";
  public static final String COOLDOWN = HeartbeatMonitor.GROUP + "/cooldown";
  public static final String WINDOWS = HeartbeatMonitor.GROUP + "/repair-windows";

  /** Not the owner's: Heartbeat writes it in the very change that is the act. */
  public static final String ACTS = HeartbeatMonitor.GROUP + "/acts";

  /** An annotation has a bound; more acts than these are neither remembered nor allowed. */
  static final int MOST_ACTS = 20;

  public static final OwnerLimits NONE = new OwnerLimits(null, null, List.of(), List.of(), null);

  public OwnerLimits {
    windows = List.copyOf(windows);
    acts = List.copyOf(acts);
  }

  public static OwnerLimits of(Map<String, String> annotations) {
    var annotation = MAX_ACTIONS;
    try {
      var text = annotations.get(annotation);
      var actions = text == null ? null : Allowance.parse(text, MOST_ACTS);
      annotation = COOLDOWN;
      text = annotations.get(annotation);
      var cooldown = text == null ? null : GoDuration.parse(text.strip());
      annotation = WINDOWS;
      text = annotations.get(annotation);
      var windows = text == null ? List.<RecurringWindow>of() : windows(text);
      annotation = ACTS;
      return new OwnerLimits(
          actions, cooldown, windows, acts(annotations.getOrDefault(annotation, "")), null);
    } catch (IllegalArgumentException e) {
      return new OwnerLimits(null, null, List.of(), List.of(), annotation + ": " + e.getMessage());
    }
  }

  /** Why nothing may be done to the workload now; empty: it may. */
  public Optional<String> closed(Instant now) {
    return Optional.ofNullable(mistake)
        .or(() -> spent(now))
        .or(() -> resting(now))
        .or(() -> outside(now));
  }

  private Optional<String> spent(Instant now) {
    return actions == null
        ? Optional.empty()
        : actions.spent(acts, now).map(why -> MAX_ACTIONS + ": " + why);
  }

  private Optional<String> resting(Instant now) {
    return cooldown == null
        ? Optional.empty()
        : acts.stream()
            .max(Comparator.naturalOrder())
            .map(last -> last.plus(cooldown))
            .filter(now::isBefore)
            .map(
                until ->
                    "%s: %s after the last act, until %s"
                        .formatted(COOLDOWN, Words.of(cooldown), Words.of(until)));
  }

  private Optional<String> outside(Instant now) {
    if (windows.isEmpty() || windows.stream().anyMatch(window -> window.isOpen(now))) {
      return Optional.empty();
    }
    var next =
        windows.stream()
            .flatMap(window -> window.nextOpening(now).stream())
            .min(Comparator.naturalOrder())
            .map(at -> "next from " + Words.of(at))
            .orElse("which does not come again");
    return Optional.of(
        "%s: repair may act only in %s, %s"
            .formatted(
                WINDOWS, windows.stream().map(String::valueOf).collect(joining("; ")), next));
  }

  /**
   * The history with one act more.
   *
   * @throws IllegalArgumentException what is there is no history
   */
  public static String recorded(@Nullable String history, Instant now) {
    var all =
        Stream.concat(
                acts(history == null ? "" : history).stream(),
                Stream.of(now.truncatedTo(ChronoUnit.MILLIS)))
            .toList();
    return all.subList(Math.max(0, all.size() - MOST_ACTS), all.size()).stream()
        .map(Instant::toString)
        .collect(joining(" "));
  }

  private static List<Instant> acts(String text) {
    try {
      return text.isBlank()
          ? List.of()
          : Arrays.stream(text.strip().split(" +")).map(Instant::parse).toList();
    } catch (DateTimeException _) {
      throw new IllegalArgumentException(
          "not the times that Heartbeat wrote there; remove the annotation, and it begins anew");
    }
  }

  /** {@code 0 22 * * * Europe/Berlin 8h; 0 12 * * SUN UTC 1h}. */
  private static List<RecurringWindow> windows(String text) {
    return Arrays.stream(text.split(";", -1)).map(OwnerLimits::window).toList();
  }

  private static RecurringWindow window(String text) {
    var parts = text.strip().split(" +");
    if (parts.length != 7) {
      throw new IllegalArgumentException(
          "'%s' is no window; right would be the five fields of a schedule, a time zone and how long, such as 0 22 * * * Europe/Berlin 8h"
              .formatted(text.strip()));
    }
    return RecurringWindow.parse(
        String.join(" ", List.of(parts).subList(0, 5)), parts[5], GoDuration.parse(parts[6]));
  }
}
