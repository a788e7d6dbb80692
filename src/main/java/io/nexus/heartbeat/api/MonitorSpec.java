package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
            // The list of one binds the names, which are compared 100,000 times in the worst case.
            value =
                "[self.map(o, o.name)].all(names, self.all(t, !has(t.dependsOn) ||"
                    + " t.dependsOn.all(d, d in names)))",
            message = MonitorSpec.UNKNOWN_DEPENDENCY,
            // Who, but not what: that would exceed the API server's cost limit a hundred times.
            messageExpression =
                "'dependsOn of %s names what is no target of this monitor'.format([[self.map(o,"
                    + " o.name)].map(names, self.filter(t, has(t.dependsOn) &&"
                    + " !t.dependsOn.all(d, d in names)))[0][0].name])")
        @ValidationRule(
            value =
                "[self.filter(o, has(o.postgres)).map(o, o.name)].all(names, self.all(t,"
                    + " (!has(t.agents) || t.agents.database in names) && (!has(t.tokenBudget) ||"
                    + " t.tokenBudget.database in names)))",
            message = MonitorSpec.UNKNOWN_DATABASE,
            messageExpression =
                "'database of %s names no postgres target of this monitor'.format([[self.filter(o,"
                    + " has(o.postgres)).map(o, o.name)].map(names, self.filter(t, (has(t.agents) &&"
                    + " !(t.agents.database in names)) || (has(t.tokenBudget) &&"
                    + " !(t.tokenBudget.database in names))))[0][0].name])")
        List<Target> targets,
    @Default("{}") Recovery recovery,
    @Default("{}") Alerts alerts) {

  /** The same with nothing to look at, and so nothing that is suspended. */
  public MonitorSpec withoutTargets() {
    return new MonitorSpec(interval, timeout, false, unknownAfter, List.of(), recovery, alerts);
  }

  /** What the API server says, more or less; {@code heartbeat validate} says which. */
  public static final String UNKNOWN_DEPENDENCY =
      "dependsOn names what is no target of this monitor";

  /** The same of {@code database}. */
  public static final String UNKNOWN_DATABASE = "database names no postgres target of this monitor";

  public MonitorSpec {
    interval = requireNonNullElse(interval, Duration.ofSeconds(30));
    timeout = requireNonNullElse(timeout, Duration.ofSeconds(5));
    unknownAfter = requireNonNullElse(unknownAfter, Duration.ofMinutes(5));
    targets = List.copyOf(requireNonNullElse(targets, List.of()));
    recovery = requireNonNullElse(recovery, Recovery.DEFAULT);
    alerts = requireNonNullElse(alerts, Alerts.DEFAULT);
  }

  public Duration intervalOf(Target target) {
    return target.interval() != null ? target.interval() : target.kind().interval(interval);
  }

  public Duration timeoutOf(Target target) {
    return target.timeout() != null ? target.timeout() : target.kind().timeout(timeout);
  }

  /** The settings of the postgres target of that name. */
  public Optional<PostgresTarget> postgres(String name) {
    return targets.stream()
        .filter(target -> target.name().equals(name))
        .flatMap(target -> Stream.ofNullable(target.postgres()))
        .findFirst();
  }

  public boolean isSuspended(Target target) {
    return suspend || target.suspend();
  }
}
