package io.nexus.heartbeat.api.validation;

import io.nexus.heartbeat.api.DependencyCycle;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.NearestName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What the targets depend on: the API server knows at most that something is wrong with it. */
final class DependsOn {
  /** Said here at the very element, with the nearest name. */
  static final String RULE = MonitorSpec.UNKNOWN_DEPENDENCY;

  private final Findings found;
  private final Map<String, List<Tree>> edges = new LinkedHashMap<>();

  private DependsOn(Findings found) {
    this.found = found;
  }

  static void check(Tree monitor, Findings found) {
    new DependsOn(found).check(monitor);
  }

  private void check(Tree monitor) {
    var targets = monitor.child("spec").flatMap(spec -> spec.child("targets"));
    if (!areAllNamed(targets)) {
      return;
    }
    for (var target : items(targets)) {
      target
          .child("name")
          .ifPresent(name -> edges.put(text(name), items(target.child("dependsOn"))));
    }
    var before = found.count();
    edges.values().forEach(names -> names.forEach(this::mustBeThere));
    if (found.count() == before) {
      ring();
    }
  }

  /** Else one that has no name here may be what another depends on. */
  private static boolean areAllNamed(Optional<Tree> targets) {
    return targets.orElse(null) instanceof Tree.Items items
        && items.node() instanceof SequenceNode written
        && written.getValue().size() == items.of().size()
        && items.of().stream().allMatch(target -> target.child("name").isPresent());
  }

  private void mustBeThere(Tree name) {
    if (!edges.containsKey(text(name))) {
      found.add(
          name.node(),
          name.path(),
          "'"
              + text(name)
              + "' is no target of this monitor"
              + NearestName.hint(text(name), edges.keySet()));
    }
  }

  private void ring() {
    var names = new LinkedHashMap<String, List<String>>();
    edges.forEach((name, needs) -> names.put(name, needs.stream().map(DependsOn::text).toList()));
    DependencyCycle.in(names)
        .filter(ring -> ring.targets().size() > 2) // of one with itself a rule of the CRD speaks
        .ifPresent(
            ring ->
                edges.getOrDefault(ring.targets().get(0), List.of()).stream()
                    .filter(name -> text(name).equals(ring.targets().get(1)))
                    .findFirst()
                    .ifPresent(
                        name ->
                            found.add(
                                name.node(),
                                name.path(),
                                "dependsOn goes round in a ring: "
                                    + ring
                                    + "; remove one of these")));
  }

  private static List<Tree> items(Optional<Tree> tree) {
    return tree.orElse(null) instanceof Tree.Items items ? items.of() : List.of();
  }

  private static String text(Tree tree) {
    return String.valueOf(tree.plain());
  }
}
