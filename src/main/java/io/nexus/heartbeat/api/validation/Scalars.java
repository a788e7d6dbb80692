package io.nexus.heartbeat.api.validation;

import static io.nexus.heartbeat.api.validation.CrdSchema.list;

import com.google.re2j.Pattern;
import io.nexus.heartbeat.api.NearestName;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Strings, numbers and booleans against their schema. No message repeats what may be a secret. */
final class Scalars {
  private final Findings found;

  Scalars(Findings found) {
    this.found = found;
  }

  @Nullable Tree read(ScalarNode node, String path, Map<String, Object> schema) {
    var known = KubectlScalars.valueOf(node);
    if (known.isEmpty()) {
      found.add(node, path, "is not the " + shortTag(node.getTag()) + " that its tag says");
      return null;
    }
    var value = known.get();
    if (!fits(value, schema)) {
      found.add(
          node, path, "must be " + called(schema) + ", not " + called(node) + quotesHint(schema));
      return null;
    }
    var before = found.count();
    switch (value) {
      case String text -> check(text, node, path, schema);
      case Long number -> Bounds.check(found, node, path, schema, "imum", number, "");
      default -> {}
    }
    return found.count() > before ? null : new Tree.Value(path, node, schema, value);
  }

  /** A string, or the key of a map. */
  void check(String text, Node node, String path, Map<String, Object> schema) {
    var choices = list(schema.get("enum")).stream().map(String::valueOf).toList();
    if (!choices.isEmpty() && !choices.contains(text)) {
      found.add(node, path, "'" + text + "' is not known" + NearestName.hint(text, choices));
      return;
    }
    Bounds.check(
        found, node, path, schema, "Length", text.codePointCount(0, text.length()), "characters");
    if (schema.get("pattern") instanceof String pattern
        && !Pattern.compile(pattern).matcher(text).find()) {
      found.add(node, path, Wording.of(pattern, schema.get("x-words"), path, text));
    }
  }

  private static boolean fits(Object value, Map<String, Object> schema) {
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      return value instanceof Long || value instanceof String;
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Long;
      case "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      default -> true;
    };
  }

  private static String quotesHint(Map<String, Object> schema) {
    return "string".equals(schema.get("type")) ? "; put it in quotes" : "";
  }

  private static String shortTag(Tag tag) {
    return tag.getValue().replace(Tag.PREFIX, "!!");
  }

  static String called(Map<String, Object> schema) {
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      return "a whole number or a string";
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "object" -> "a mapping (key: value)";
      case "array" -> "a list (- …)";
      case "string" -> "a string";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      default -> "a value";
    };
  }

  static String called(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      default ->
          node.getTag().equals(Tag.BOOL)
              ? "true or false"
              : node.getTag().equals(Tag.STR) ? "a string" : "a number";
    };
  }
}
