package io.nexus.heartbeat.check;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.runtime.CelEvaluationListener;
import io.nexus.heartbeat.check.Evaluations.Stop;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One evaluation, step by step: it ends when it must, holds no more memory than an answer has, and
 * what it looked at is remembered for the message.
 */
final class Evaluation implements CelEvaluationListener {
  /** Characters and entries that it may make in all; concatenation doubles, and may be repeated. */
  private static final int MOST_MADE = 1_000_000;

  private static final int MOST_SHOWN = 3;

  private final Stop stop;
  private final SequencedMap<String, Object> seen = new LinkedHashMap<>();
  private int made;

  Evaluation(Stop stop) {
    this.stop = stop;
  }

  @Override
  public void callback(CelExpr step, Object result) {
    stop.check();
    if (makes(step)) {
      made += size(result);
      if (made > MOST_MADE) {
        throw new TooLarge();
      }
    }
    var name = seen.size() < MOST_SHOWN && !(result instanceof Map) ? Paths.of(step) : "";
    if (!name.isEmpty()) {
      // Of json.list[0] the steps are json.list and json.list[0]: the longest says it.
      seen.keySet().removeIf(shorter -> name.startsWith(shorter + "["));
      seen.put(name, result);
    }
  }

  /** What was looked at, in that order. */
  SequencedMap<String, Object> seen() {
    return seen;
  }

  private static boolean makes(CelExpr step) {
    return switch (step.getKind()) {
      case CALL -> !isOfMacro(step);
      case LIST, MAP -> true;
      default -> false;
    };
  }

  /** {@code map} and {@code filter} add to a list of theirs, which iterations bound. */
  private static boolean isOfMacro(CelExpr call) {
    var arguments = call.call().args();
    return !arguments.isEmpty()
        && arguments.getFirst().getKind() == Kind.IDENT
        && arguments.getFirst().ident().name().startsWith("@");
  }

  private static int size(Object made) {
    return switch (made) {
      case CharSequence text -> text.length();
      case Collection<?> entries -> entries.size();
      case Map<?, ?> fields -> fields.size();
      case dev.cel.common.values.CelByteString bytes -> bytes.size();
      default -> 0;
    };
  }

  /** It would hold more than it may. */
  static final class TooLarge extends Error {
    private static final long serialVersionUID = 1;

    TooLarge() {
      super("too large", null, false, false);
    }
  }
}
