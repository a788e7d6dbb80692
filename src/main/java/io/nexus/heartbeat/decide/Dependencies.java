package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Target;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * While something a target depends on is not well, the target is held: neither told nor repaired.
 */
final class Dependencies {
  private Dependencies() {}

  /** The nearest ancestor that is not well, or may be about to be. */
  static Optional<String> holding(Target target, Situation situation) {
    return holding(target, situation, new HashSet<>());
  }

  private static Optional<String> holding(Target target, Situation situation, Set<String> seen) {
    for (var name : target.dependsOn()) {
      if (!seen.add(name)) {
        continue;
      }
      var parent =
          situation.spec().targets().stream().filter(t -> t.name().equals(name)).findFirst();
      if (parent.isEmpty() || !situation.counts(parent.get())) {
        continue;
      }
      var assessment = situation.assessment(parent.get());
      if (assessment.isSuspect()
          || (assessment.level() != null && assessment.level() != Level.Healthy)) {
        return Optional.of(name);
      }
      var further = holding(parent.get(), situation, seen);
      if (further.isPresent()) {
        return further;
      }
    }
    return Optional.empty();
  }
}
