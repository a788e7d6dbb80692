package io.nexus.heartbeat.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Targets that wait for each other in a ring, which no rule of the API server can find.
 *
 * @param targets their names in order, the first once more at the end: {@code a, b, a}
 */
public record DependencyCycle(List<String> targets) {

  /** The first ring found, in the order in which targets are written. */
  public static Optional<DependencyCycle> in(MonitorSpec spec) {
    var edges = new LinkedHashMap<String, List<String>>();
    spec.targets().forEach(target -> edges.put(target.name(), target.dependencies()));
    return in(edges);
  }

  /**
   * The same for names alone.
   *
   * @param edges what each target depends on, in the order in which targets are written
   */
  public static Optional<DependencyCycle> in(Map<String, List<String>> edges) {
    Set<String> done = new HashSet<>();
    for (var target : edges.keySet()) {
      var ring = walk(target, edges, new ArrayList<>(), done);
      if (ring.isPresent()) {
        return ring;
      }
    }
    return Optional.empty();
  }

  /** At most as deep as there are targets, which are at most 100. */
  private static Optional<DependencyCycle> walk(
      String name, Map<String, List<String>> edges, List<String> path, Set<String> done) {
    var seenAt = path.indexOf(name);
    if (seenAt >= 0) {
      var ring = new ArrayList<>(path.subList(seenAt, path.size()));
      ring.add(name);
      return Optional.of(new DependencyCycle(List.copyOf(ring)));
    }
    if (done.contains(name)) {
      return Optional.empty();
    }
    path.add(name);
    for (var next : edges.getOrDefault(name, List.of())) {
      var ring = walk(next, edges, path, done);
      if (ring.isPresent()) {
        return ring;
      }
    }
    path.removeLast();
    done.add(name);
    return Optional.empty();
  }

  /** As people write it: {@code a → b → a}. */
  @Override
  public String toString() {
    return String.join(" → ", targets);
  }
}
