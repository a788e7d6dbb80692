package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;

/**
 * What a person writes. Absent fields get their defaults here, in files as in a cluster.
 *
 * @param interval How often each target is checked, unless it says otherwise; at least 1s.
 * @param timeout How long one check may take, from resolving the name to the last byte, unless the
 *     target says otherwise; more than 0s.
 * @param suspend Stops all checks, repairs and alerts of this monitor while it is true.
 * @param unknownAfter A required target that cannot be told for this long is reported as not being
 *     watched.
 * @param targets What is watched, 1 to 100 things, each by a name of its own.
 * @param recovery What repair may do, and how often.
 * @param alerts Who is told.
 */
@Wire
public record MonitorSpec(
    @GoDurationText
        @Default("30s")
        @ValidationRule(
            value = "duration(self) >= duration('1s')",
            message = "interval must be at least 1s")
        Duration interval,
    @GoDurationText
        @Default("5s")
        @ValidationRule(
            value = "duration(self) > duration('0s')",
            message = "timeout must be greater than 0s")
        Duration timeout,
    @Default("false") boolean suspend,
    @GoDurationText @Default("5m") Duration unknownAfter,
    @Required
        @Size(min = 1, max = 100) @ListMap("name")
        @ValidationRule(
            value =
                "self.all(t, !has(t.dependsOn) || t.dependsOn.all(d, self.exists(o, o.name == d)))",
            message = "dependsOn must name other targets of this monitor")
        List<Target> targets,
    @Default("{}") Recovery recovery,
    @Default("{}") Alerts alerts) {

  public MonitorSpec {
    interval = requireNonNullElse(interval, Duration.ofSeconds(30));
    timeout = requireNonNullElse(timeout, Duration.ofSeconds(5));
    unknownAfter = requireNonNullElse(unknownAfter, Duration.ofMinutes(5));
    targets = List.copyOf(requireNonNullElse(targets, List.of()));
    recovery = requireNonNullElse(recovery, Recovery.DEFAULT);
    alerts = requireNonNullElse(alerts, Alerts.DEFAULT);
  }

  public Duration intervalOf(Target target) {
    return requireNonNullElse(target.interval(), interval);
  }

  public Duration timeoutOf(Target target) {
    return requireNonNullElse(target.timeout(), timeout);
  }

  public boolean isSuspended(Target target) {
    return suspend || target.suspend();
  }
}
