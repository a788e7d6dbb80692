package io.nexus.heartbeat.api.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelKind;
import io.nexus.heartbeat.api.TargetKind;
import java.util.Comparator;

/**
 * A condition in CEL that was read and whose types were checked.
 *
 * @param text as its author wrote it
 */
public record Expression(String text, CelAbstractSyntaxTree tree) {

  /**
   * @throws BadExpression the first thing that is wrong with it
   */
  public static Expression of(String text, TargetKind kind) throws BadExpression {
    var vocabulary = Vocabulary.of(kind);
    try {
      var tree = vocabulary.compiler().compile(text).getAst();
      var type = tree.getResultType();
      // What comes out of the JSON of an answer is known only when it is there.
      if (type.kind() != CelKind.BOOL && type.kind() != CelKind.DYN) {
        throw new BadExpression(
            1, 0, "must be true or false, but is " + MistakeWords.typeName(type.name()));
      }
      return new Expression(text, tree);
    } catch (CelValidationException e) {
      var first =
          e.getErrors().stream()
              .min(Comparator.comparing(CelIssue::getSourceLocation))
              .orElseThrow(() -> new IllegalStateException("not valid, but without an error", e));
      var place = first.getSourceLocation();
      throw new BadExpression(
          Math.max(1, place.getLine()),
          Math.max(0, place.getColumn()),
          new MistakeWords(vocabulary, kind, text).of(first.getMessage()));
    }
  }

  /** What its evaluation keeps to. */
  public static CelOptions options() {
    return Vocabulary.options();
  }
}
