package io.nexus.heartbeat.check;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelLateFunctionBindings;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import io.nexus.heartbeat.api.TargetKind;
import io.nexus.heartbeat.api.When;
import io.nexus.heartbeat.api.expression.BadExpression;
import io.nexus.heartbeat.api.expression.Expression;
import io.nexus.heartbeat.check.Evaluations.Stop;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The expressions of a target's {@code when}, compiled once and asked about each look. */
final class Conditions {
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder()
          .setOptions(Expression.options())
          .setStandardEnvironmentEnabled(false)
          .setStandardFunctions(
              // Each evaluation brings its own, which ends when it must.
              CelStandardFunctions.newBuilder().excludeFunctions(StandardFunction.MATCHES).build())
          .build();

  private static final Pattern NO_FIELD =
      Pattern.compile(".*key '(.*)' is not present in map\\.?", Pattern.DOTALL);

  private final @Nullable Condition critical;
  private final @Nullable Condition degraded;

  private record Condition(String field, Expression expression, CelRuntime.Program program) {}

  /** What an expression says. */
  sealed interface Outcome {
    /** It is false. */
    record Well() implements Outcome {}

    /** It is true. */
    record True(boolean critical, String words) implements Outcome {}

    /** It is neither. */
    record Untold(String why) implements Outcome {}
  }

  Conditions(When when, TargetKind kind) throws BadExpression {
    critical = compiled("when.critical", when.critical(), kind);
    degraded = compiled("when.degraded", when.degraded(), kind);
  }

  private static @Nullable Condition compiled(
      String field, @Nullable String expression, TargetKind kind) throws BadExpression {
    if (expression == null) {
      return null;
    }
    try {
      var compiled = Expression.of(expression, kind);
      return new Condition(field, compiled, RUNTIME.createProgram(compiled.tree()));
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("a checked expression cannot be run: " + expression, e);
    }
  }

  /** The worse of both: critical when true, untold when either cannot be told. */
  Outcome of(Facts facts, Stop stop) {
    var first = critical == null ? new Outcome.Well() : evaluated(critical, facts, stop);
    return first instanceof Outcome.Well && degraded != null
        ? evaluated(degraded, facts, stop)
        : first;
  }

  private Outcome evaluated(Condition condition, Facts facts, Stop stop) {
    var evaluation = new Evaluation(stop);
    var shown = new ConditionWords(condition.expression().text());
    try {
      var result =
          condition.program().trace(facts, CelLateFunctionBindings.from(matches(stop)), evaluation);
      if (result instanceof Boolean answer) {
        return answer
            ? new Outcome.True(condition == critical, shown.isTrue(evaluation.seen()))
            : new Outcome.Well();
      }
      return facts.missing().isEmpty()
          ? new Outcome.Untold(
              condition.field() + " is neither true nor false" + shown.with(evaluation.seen()))
          : new Outcome.Untold(condition.field() + ": " + facts.missing() + shown.expression());
    } catch (Evaluation.TooLarge _) {
      return new Outcome.Untold(condition.field() + " makes too much" + shown.expression());
    } catch (CelEvaluationException e) {
      return new Outcome.Untold(
          condition.field() + ": " + why(e, facts) + shown.with(evaluation.seen()));
    }
  }

  @SuppressWarnings("Immutable") // made for one evaluation, and gone with it
  private static List<CelFunctionBinding> matches(Stop stop) {
    var match = new BoundedMatch(stop);
    return List.of(
        CelFunctionBinding.from("matches", String.class, String.class, match::matches),
        CelFunctionBinding.from("matches_string", String.class, String.class, match::matches));
  }

  private static String why(CelEvaluationException e, Facts facts) {
    var field = NO_FIELD.matcher(String.valueOf(e.getMessage()));
    if (field.matches()) {
      var name = field.group(1);
      return facts
          .absence(name)
          .map(why -> "no " + name + ": " + why)
          .orElse("there is no '" + ConditionWords.plain(name) + "'");
    }
    return switch (e.getErrorCode()) {
      case CelErrorCode.OVERLOAD_NOT_FOUND -> "it does not fit what was found";
      case CelErrorCode.ITERATION_BUDGET_EXCEEDED -> "it goes through too many entries";
      case CelErrorCode.DIVIDE_BY_ZERO -> "it divides by zero";
      default -> ConditionWords.plain(said(e));
    };
  }

  private static String said(CelEvaluationException e) {
    var cause = Optional.ofNullable(e.getCause()).map(Throwable::getMessage);
    return cause.orElse(
        String.valueOf(e.getMessage()).replaceFirst("^evaluation error[^:]*:\\d+: ", ""));
  }
}
