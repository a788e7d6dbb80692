package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.DependencyCycle;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.decide.Situation.NotReady;
import java.util.Optional;

/** What the API server cannot refuse, and the engine cannot work with. */
final class Readiness {
  private Readiness() {}

  static Optional<NotReady> of(MonitorSpec spec) {
    return DependencyCycle.in(spec)
        .map(ring -> new NotReady("DependencyCycle", "targets depend on each other: " + ring));
  }
}
