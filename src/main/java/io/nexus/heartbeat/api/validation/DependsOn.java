package io.nexus.heartbeat.api.validation;

import io.nexus.heartbeat.api.DependencyCycle;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What the targets depend on: the API server knows at most that something is wrong with it. */
final class DependsOn {
  /** Said here at the very element, with the nearest name. */
  static final Set<String> RULES =
      Set.of(MonitorSpec.UNKNOWN_DEPENDENCY, MonitorSpec.UNKNOWN_DATABASE);

  /** The kinds that are read from a table of a postgres target's. */
  private static final List<String> TABLE_KINDS = List.of("agents", "tokenBudget");

  private final Findings found;
  private final Map<String, List<Tree>> edges = new LinkedHashMap<>();
  private final Set<String> databases = new LinkedHashSet<>();

  private DependsOn(Findings found) {
    this.found = found;
  }

  static void check(Tree monitor, Findings found) {
    new DependsOn(found).check(monitor);
  }

  private void check(Tree monitor) {
    var place = monitor.child("spec").flatMap(spec -> spec.child("targets"));
    if (!areAllNamed(place)) {
      return;
    }
    var targets = items(place);
    for (var target : targets) {
      var name = target.child("name").map(DependsOn::text).orElse("");
      var needs = new ArrayList<>(items(target.child("dependsOn")));
      database(target).forEach(needs::add);
      edges.put(name, needs);
      if (target.child("postgres").isPresent()) {
        databases.add(name);
      }
    }
    var before = found.count();
    for (var target : targets) {
      items(target.child("dependsOn"))
          .forEach(name -> mustBeAmong(edges.keySet(), name, "no target of this monitor"));
      database(target)
          .forEach(name -> mustBeAmong(databases, name, "no postgres target of this monitor"));
    }
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

  private static Stream<Tree> database(Tree target) {
    return TABLE_KINDS.stream()
        .flatMap(kind -> target.child(kind).stream())
        .flatMap(kind -> kind.child("database").stream());
  }

  private void mustBeAmong(Collection<String> known, Tree name, String fault) {
    if (!known.contains(text(name))) {
      found.add(
          name.node(),
          name.path(),
          "'" + text(name) + "' is " + fault + NearestName.hint(text(name), known));
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
