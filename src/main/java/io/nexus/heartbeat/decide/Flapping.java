package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.decide.Gates.Closed;
import java.util.Optional;

/**
 * Whether a target changes its level so often that repair would chase it: the weighted share of
 * changes among its last readings, as Nagios counts it (base/flapping.c; the newest change weighs
 * 1.25, the oldest 0.75), with its thresholds for services.
 *
 * <p>What stays as it is, however bad, does not flap: a target that is down for good is repaired.
 */
final class Flapping {
  /** From here on it flaps. */
  static final double HIGH = 30;

  /** Below this it no longer does. */
  static final double LOW = 20;

  private static final double NEWEST = 1.25;
  private static final double OLDEST = 0.75;

  private Flapping() {}

  /**
   * @param before whether it flapped until the newest reading
   * @param recent the levels of the last readings, a letter each, oldest first
   */
  static boolean next(boolean before, String recent) {
    var percent = percent(recent);
    return percent >= HIGH || before && percent >= LOW;
  }

  /** 0 to 100. Readings that there are not yet are like the oldest that there is. */
  static double percent(String recent) {
    var gaps = Assessment.MEMORY - 1;
    var sum = 0.0;
    for (var i = 1; i < recent.length(); i++) {
      if (recent.charAt(i) != recent.charAt(i - 1)) {
        var age = recent.length() - 1 - i; // 0: between the newest two
        sum += NEWEST - age * (NEWEST - OLDEST) / (gaps - 1);
      }
    }
    return 100 * sum / gaps;
  }

  static Optional<Closed> closed(Target target, Assessment assessment) {
    return assessment.flapping()
        ? Optional.of(
            new Closed(
                "flapping",
                "%s changes too often: weighted %.0f %% of the last %d checks; repair waits until it is less than %.0f %%"
                    .formatted(
                        target.name(), percent(assessment.recent()), Assessment.MEMORY, LOW)))
        : Optional.empty();
  }
}
