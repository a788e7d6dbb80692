package io.nexus.heartbeat.api.validation;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.NearestName;
import io.nexus.heartbeat.api.TargetKind;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.When;
import io.nexus.heartbeat.api.expression.BadExpression;
import io.nexus.heartbeat.api.expression.Expression;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What depends on a target's kind, which no rule of the API server knows. */
record TargetRules(Findings found, TargetKind kind) {

  static void check(Tree monitor, MonitorSpec spec, Findings found) {
    for (var i = 0; i < spec.targets().size(); i++) {
      var target = spec.targets().get(i);
      var index = i;
      var place =
          monitor
              .child("spec")
              .flatMap(it -> it.child("targets"))
              .flatMap(it -> it.below(null, index));
      if (target.kinds().size() == 1 && place.isPresent()) {
        var rules = new TargetRules(found, target.kind());
        for (var t = 0; t < target.thresholds().size(); t++) {
          var at = t;
          place
              .get()
              .child("thresholds")
              .flatMap(it -> it.below(null, at))
              .ifPresent(it -> rules.check(target.thresholds().get(at), it));
        }
        if (target.when() != null) {
          rules.check(target.when(), place.get().child("when"));
        }
      }
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
    for (var field : new String[] {"degraded", "critical", "clear"}) {
      unit.complaint(name, limit(threshold, field))
          .ifPresent(
              complaint ->
                  place.child(field).ifPresent(it -> found.add(it.node(), it.path(), complaint)));
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
