package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.TableKind;
import io.nexus.heartbeat.api.Target;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * While something a target depends on is not well, the target is held: neither told nor repaired.
 *
 * <p>It is held too until it is known that what it depends on is well: by a look at each ancestor
 * after the target itself became bad, and by a look at the target after the ancestor became well.
 */
final class Dependencies {
  private Dependencies() {}

  /** The nearest ancestor that is not well, may be about to be, or is not known well enough. */
  static Optional<String> holding(Target target, Situation situation) {
    return holding(target, situation.assessment(target), situation, new HashSet<>());
  }

  private static Optional<String> holding(
      Target target, Assessment child, Situation situation, Set<String> seen) {
    for (var name : target.dependencies()) {
      var parent =
          situation.spec().targets().stream().filter(t -> t.name().equals(name)).findFirst();
      if (parent.isEmpty() || !seen.add(name)) {
        continue;
      }
      // One that does not count may hide one that does.
      var known = situation.assessment(parent.get());
      if (situation.counts(parent.get())
          && !isWell(known, child)
          && !(isItsDatabase(name, target)
              && isAnswering(known, situation.assessment(target), child))) {
        return Optional.of(name);
      }
      var further = holding(parent.get(), child, situation, seen);
      if (further.isPresent()) {
        return further;
      }
    }
    return Optional.empty();
  }

  private static boolean isItsDatabase(String name, Target target) {
    return target.kind() instanceof TableKind table
        && table.database().equals(name)
        && !target.dependsOn().contains(name);
  }

  /**
   * Not at its best, such as by the number of its connections, but it answers: what was read from
   * it is so.
   */
  private static boolean isAnswering(Assessment database, Assessment reader, Assessment child) {
    return database.looked()
        && database.level() == Level.Degraded
        && !database.isWorsening()
        && !database.starting()
        && reader.levelOrUnknown() != Level.Unknown
        && (child.since() == null || database.isNewerThan(child.since()));
  }

  private static boolean isWell(Assessment parent, Assessment child) {
    return parent.looked()
        && parent.level() == Level.Healthy
        && !parent.isSuspect()
        && (child.since() == null || parent.isNewerThan(child.since()))
        && (parent.since() == null || child.isNewerThan(parent.since()));
  }
}
