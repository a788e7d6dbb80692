package io.nexus.heartbeat.api.validation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A value with its place, its schema, and the defaults that the API server would fill in. */
sealed interface Tree {
  String path();

  Node node();

  Map<String, Object> schema();

  /** Maps, lists, strings, longs, doubles and booleans, as JSON has them. */
  Object plain();

  default Optional<Tree> child(String name) {
    return this instanceof Fields fields
        ? Optional.ofNullable(fields.of().get(name))
        : Optional.empty();
  }

  /** The field or, where that is null, the element. */
  default Optional<Tree> below(@Nullable String field, int index) {
    if (field != null) {
      return child(field);
    }
    return this instanceof Items items && index >= 0 && index < items.of().size()
        ? Optional.of(items.of().get(index))
        : Optional.empty();
  }

  record Fields(String path, Node node, Map<String, Object> schema, Map<String, Tree> of)
      implements Tree {
    @Override
    public Object plain() {
      var plain = new LinkedHashMap<String, Object>();
      of.forEach((name, tree) -> plain.put(name, tree.plain()));
      return plain;
    }
  }

  record Items(String path, Node node, Map<String, Object> schema, List<Tree> of) implements Tree {
    @Override
    public Object plain() {
      return of.stream().map(Tree::plain).toList();
    }
  }

  record Value(String path, Node node, Map<String, Object> schema, Object plain) implements Tree {}

  /** The path of a field; a map's key that is no identifier is written in brackets. */
  static String join(String path, @Nullable String name) {
    return path.isEmpty() ? String.valueOf(name) : path + "." + name;
  }
}
