package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.nexus.heartbeat.api.calendar.RecurringWindow;
import java.time.Duration;

/**
 * A time that comes again, in which repair may act.
 *
 * @param name What people call it.
 * @param schedule When it begins: minute, hour, day of month, month and day of week, as of a
 *     CronJob, such as 0 22 * * *.
 * @param timeZone In which the schedule is meant, such as Europe/Berlin. A beginning that does not
 *     exist where clocks are put forward is at that moment; one that exists twice is the first.
 * @param duration How long it lasts; more than 0s and at most 168h.
 */
@Wire
public record RepairWindow(
    @Required @Label String name,
    @Required @CronText String schedule,
    @Default("UTC") @TimeZoneName String timeZone,
    @Required
        @GoDurationText
        @ValidationRule(
            value = "duration(self) > duration('0s') && duration(self) <= duration('168h')",
            message = "duration must be greater than 0s and at most 168h")
        Duration duration) {

  public RepairWindow {
    timeZone = requireNonNullElse(timeZone, "UTC");
  }

  /**
   * @throws IllegalArgumentException saying which part is wrong, and what would be right
   */
  public RecurringWindow read() {
    return RecurringWindow.parse(schedule, timeZone, duration);
  }
}
