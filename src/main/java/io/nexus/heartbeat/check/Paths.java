package io.nexus.heartbeat.check;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;

/** How a part of what is known is named: {@code json.queues[0].depth}. */
final class Paths {
  private Paths() {}

  /** Empty for what is no such part, such as a sum, or a variable of a macro. */
  static String of(CelExpr step) {
    return switch (step.getKind()) {
      case IDENT ->
          switch (step.ident().name()) {
            case "up", "latency", "status", "json", "m", "headers" -> step.ident().name();
            default -> "";
          };
      case SELECT ->
          step.select().testOnly()
              ? ""
              : joined(of(step.select().operand()), "." + step.select().field());
      case CALL -> {
        var call = step.call();
        yield call.function().equals("_[_]")
                && call.args().get(1).getKind() == CelExpr.ExprKind.Kind.CONSTANT
            ? joined(of(call.args().get(0)), "[" + constant(call.args().get(1).constant()) + "]")
            : "";
      }
      default -> "";
    };
  }

  private static String constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case STRING_VALUE -> "'" + constant.stringValue() + "'";
      case INT64_VALUE -> String.valueOf(constant.int64Value());
      default -> "…";
    };
  }

  private static String joined(String root, String more) {
    return root.isEmpty() ? "" : root + more;
  }
}
