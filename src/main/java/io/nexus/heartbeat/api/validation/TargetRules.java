package io.nexus.heartbeat.api.validation;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.NearestName;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetKind;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.When;
import io.nexus.heartbeat.api.expression.BadExpression;
import io.nexus.heartbeat.api.expression.Expression;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What depends on a target's kind, which no rule of the API server knows. */
record TargetRules(Findings found, TargetKind kind) {

  /**
   * @param read what a tree is when it is read, if it can be
   */
  static void check(
      Tree monitor, Damage damage, Function<Tree, Optional<Target>> read, Findings found) {
    var targets = monitor.child("spec").flatMap(it -> it.child("targets"));
    if (targets.orElse(null) instanceof Tree.Items items) {
      for (var place : items.of()) {
        if (!damage.isIn(place)) {
          read.apply(place)
              .filter(target -> target.kinds().size() == 1)
              .ifPresent(target -> new TargetRules(found, target.kind()).check(target, place));
        }
      }
    }
  }

  private void check(Target target, Tree place) {
    for (var t = 0; t < target.thresholds().size(); t++) {
      var threshold = target.thresholds().get(t);
      var at = t;
      place
          .child("thresholds")
          .flatMap(it -> it.below(null, at))
          .ifPresent(it -> check(threshold, it));
    }
    if (target.when() != null) {
      check(target.when(), place.child("when"));
    }
  }

  private void check(Threshold threshold, Tree place) {
    var name = threshold.measurement();
    var unit = kind.measurements().get(name);
    if (unit == null) {
      place
          .child("measurement")
          .ifPresent(
              it ->
                  found.add(
                      it.node(),
                      it.path(),
                      NearestName.unknown(
                          name,
                          "'" + name + "' is not measured by " + kind.fieldName(),
                          kind.measurements().keySet())));
      return;
    }
    var before = found.count();
    for (var field : new String[] {"degraded", "critical", "clear"}) {
      unit.complaint(name, limit(threshold, field))
          .ifPresent(
              complaint ->
                  place.child(field).ifPresent(it -> found.add(it.node(), it.path(), complaint)));
    }
    if (found.count() == before) {
      threshold
          .mistake()
          .ifPresent(
              why -> {
                var at = place.child("clear").or(() -> place.child("critical")).orElse(place);
                found.add(at.node(), at.path(), why);
              });
    }
  }

  private static @Nullable IntOrString limit(Threshold threshold, String field) {
    return switch (field) {
      case "degraded" -> threshold.degraded();
      case "critical" -> threshold.critical();
      default -> threshold.clear();
    };
  }

  private void check(When when, Optional<Tree> place) {
    check(when.degraded(), place.flatMap(it -> it.child("degraded")));
    check(when.critical(), place.flatMap(it -> it.child("critical")));
  }

  private void check(@Nullable String expression, Optional<Tree> place) {
    if (expression == null || place.isEmpty()) {
      return;
    }
    try {
      var _ = Expression.of(expression, kind);
    } catch (BadExpression e) {
      var node = place.get().node();
      var inLine = e.line() == 1 ? columnWithin(node) : -1;
      found.add(
          Findings.line(node),
          Findings.column(node) + (inLine < 0 ? 0 : inLine + e.column()),
          place.get().path(),
          e.getMessage() + (inLine < 0 ? " (in its line " + e.line() + ")" : ""));
    }
  }

  /** How far into the node its text begins; -1 where it goes over several lines. */
  private static int columnWithin(Node node) {
    var ends = node.getEndMark().map(mark -> mark.getLine() + 1).orElse(0);
    if (!(node instanceof ScalarNode scalar) || ends != Findings.line(node)) {
      return -1;
    }
    return scalar.getScalarStyle() == ScalarStyle.PLAIN ? 0 : 1;
  }
}
