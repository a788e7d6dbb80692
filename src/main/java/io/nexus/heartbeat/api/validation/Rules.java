package io.nexus.heartbeat.api.validation;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.Map;

/** The schema's {@code x-kubernetes-validations}, evaluated as the API server does. */
final class Rules {
  private final Findings found;
  private final Damage damage;
  private final CelCompiler compiler =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addLibraries(CelExtensions.strings())
          .addVar("self", SimpleType.DYN)
          .build();
  private final CelRuntime runtime =
      CelRuntimeFactory.standardCelRuntimeBuilder().addLibraries(CelExtensions.strings()).build();
  private final Map<String, CelRuntime.Program> compiled = new HashMap<>();

  Rules(Findings found, Damage damage) {
    this.found = found;
    this.damage = damage;
  }

  void check(Tree tree) {
    var rules = CrdSchema.list(tree.schema().get("x-kubernetes-validations"));
    if (!rules.isEmpty() && !damage.isIn(tree)) {
      rules.forEach(rule -> check(tree, CrdSchema.map(rule)));
    }
    switch (tree) {
      case Tree.Fields fields -> fields.of().values().forEach(this::check);
      case Tree.Items items -> items.of().forEach(this::check);
      case Tree.Value _ -> {}
    }
  }

  private void check(Tree tree, Map<String, Object> rule) {
    if (DependsOn.RULES.contains(String.valueOf(rule.get("message")))) {
      return;
    }
    var expression = String.valueOf(rule.get("rule"));
    try {
      if (!Boolean.TRUE.equals(program(expression).eval(Map.of("self", tree.plain())))) {
        var field = String.valueOf(rule.getOrDefault("fieldPath", ""));
        var place = field.isEmpty() ? tree : tree.child(field.substring(1)).orElse(tree);
        found.add(place.node(), tree.path() + field, String.valueOf(rule.get("message")));
      }
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("rule of the CRD cannot be evaluated: " + expression, e);
    }
  }

  private CelRuntime.Program program(String expression) throws CelEvaluationException {
    var known = compiled.get(expression);
    if (known == null) {
      try {
        known = runtime.createProgram(compiler.compile(expression).getAst());
      } catch (CelValidationException e) {
        throw new IllegalStateException("rule of the CRD cannot be compiled: " + expression, e);
      }
      compiled.put(expression, known);
    }
    return known;
  }
}
