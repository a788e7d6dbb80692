package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.DependencyCycle;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.RepairWindow;
import io.nexus.heartbeat.decide.Situation.NotReady;
import java.util.Optional;

/** What the API server cannot refuse, and the engine cannot work with. */
final class Readiness {
  private Readiness() {}

  static Optional<NotReady> of(MonitorSpec spec) {
    return DependencyCycle.in(spec)
        .map(ring -> new NotReady("DependencyCycle", "targets depend on each other: " + ring))
        .or(() -> spec.recovery().windows().stream().flatMap(w -> mistake(w).stream()).findFirst());
  }

  private static Optional<NotReady> mistake(RepairWindow window) {
    try {
      var _ = window.read();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          new NotReady(
              "InvalidSchedule",
              "spec.recovery.windows: %s: %s".formatted(window.name(), e.getMessage())));
    }
  }
}
