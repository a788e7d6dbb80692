package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.util.List;

/** What a person writes. Absent fields get their defaults here, in files as in a cluster. */
public record MonitorSpec(
    Duration interval,
    Duration timeout,
    boolean suspend,
    Duration unknownAfter,
    List<Target> targets,
    Recovery recovery,
    Alerts alerts) {

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
