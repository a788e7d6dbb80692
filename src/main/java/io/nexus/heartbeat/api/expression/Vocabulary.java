package io.nexus.heartbeat.api.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import io.nexus.heartbeat.api.TargetKind;
import io.nexus.heartbeat.api.Unit;
import io.nexus.heartbeat.api.When;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an expression about a target of one kind may speak of.
 *
 * @param variables by name
 * @param measurements below {@code m}
 */
record Vocabulary(Map<String, CelType> variables, Map<String, Unit> measurements) {
  static final String MEASUREMENTS = "m";

  /** Those that only an HTTP answer has. */
  static final Map<String, CelType> ANSWER =
      Map.of(
          "status", SimpleType.INT,
          "headers", MapType.create(SimpleType.STRING, SimpleType.STRING),
          "body", SimpleType.STRING,
          "json", SimpleType.DYN);

  static Vocabulary of(TargetKind kind) {
    var variables = new LinkedHashMap<String, CelType>();
    variables.put("up", SimpleType.BOOL);
    variables.put("latency", SimpleType.DURATION);
    if (kind.hasAnswer()) {
      variables.putAll(ANSWER);
    }
    return new Vocabulary(variables, kind.measurements());
  }

  CelCompiler compiler() {
    var fields = ImmutableMap.copyOf(Maps.transformValues(measurements, Vocabulary::type));
    var m =
        StructType.create(
            MEASUREMENTS, fields.keySet(), name -> Optional.ofNullable(fields.get(name)));
    var builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options())
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(new OnlyType(m))
            .addVar(MEASUREMENTS, m);
    variables.forEach(builder::addVar);
    return builder.build();
  }

  private static CelType type(Unit unit) {
    return unit == Unit.Seconds ? SimpleType.DURATION : SimpleType.DOUBLE;
  }

  /**
   * An expression has no cost limit in CEL: its form is bounded here, its work where it is done.
   */
  static CelOptions options() {
    return CelOptions.current()
        .maxExpressionCodePointSize(When.MAX_LENGTH)
        .maxParseRecursionDepth(32)
        .maxParseExpressionNodeCount(500)
        .comprehensionMaxIterations(10_000)
        .enableHeterogeneousNumericComparisons(true)
        .build();
  }

  private record OnlyType(StructType type) implements CelTypeProvider {
    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.of(type);
    }

    @Override
    public Optional<CelType> findType(String name) {
      return name.equals(type.name()) ? Optional.of(type) : Optional.empty();
    }
  }
}
