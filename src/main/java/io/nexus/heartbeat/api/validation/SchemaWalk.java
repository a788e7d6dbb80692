package io.nexus.heartbeat.api.validation;

import static io.nexus.heartbeat.api.validation.CrdSchema.list;
import static io.nexus.heartbeat.api.validation.CrdSchema.map;

import io.nexus.heartbeat.api.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Walks a document beside the CRD's schema, as the API server does before it runs the rules. */
final class SchemaWalk {
  /** Deeper than any monitor, shallower than any stack. */
  static final int MAX_DEPTH = 40;

  /** More than the largest monitor; aliases multiply nodes without multiplying characters. */
  private static final int MAX_NODES = 200_000;

  private final Findings found;
  private final Scalars scalars;
  private int nodes;
  private boolean tooMany;
  private final List<Finding> hostOnly = new ArrayList<>();
  private final List<Finding> clusterOnly = new ArrayList<>();

  private SchemaWalk(Findings found) {
    this.found = found;
    this.scalars = new Scalars(found);
  }

  static SchemaWalk of(Findings found) {
    return new SchemaWalk(found);
  }

  /** The fields that are for a host only. */
  List<Finding> hostOnly() {
    return hostOnly;
  }

  /** The fields that can do something in a cluster only. */
  List<Finding> clusterOnly() {
    return clusterOnly;
  }

  /** Null when the document is so wrong that there is nothing to go on with. */
  @Nullable Tree walk(Node document) {
    return value(document, "", CrdSchema.ROOT, 0);
  }

  private @Nullable Tree value(Node node, String path, Map<String, Object> schema, int depth) {
    if (!affordable(node, path)) {
      return null;
    }
    if (depth > MAX_DEPTH) {
      found.add(node, path, "nested too deeply");
      return null;
    }
    var type = schema.get("type");
    var open = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
    return switch (node) {
      case MappingNode fields when open || "object".equals(type) ->
          fields(fields, path, schema, open, depth);
      case SequenceNode items when open || "array".equals(type) ->
          items(items, path, schema, depth);
      case ScalarNode scalar when !"object".equals(type) && !"array".equals(type) ->
          scalars.read(scalar, path, schema);
      default -> {
        found.add(
            node, path, "must be " + Scalars.called(schema) + ", not " + Scalars.called(node));
        yield null;
      }
    };
  }

  private boolean affordable(Node node, String path) {
    if (++nodes > MAX_NODES && !tooMany) {
      tooMany = true;
      found.add(node, path, "too much, or repeated too often by aliases");
    }
    return nodes <= MAX_NODES;
  }

  private Tree fields(
      MappingNode node, String path, Map<String, Object> schema, boolean open, int depth) {
    var properties = map(schema.get("properties"));
    var values = map(schema.get("additionalProperties"));
    var tree = new LinkedHashMap<String, Tree>();
    var entries = Entries.of(node, path, found, () -> affordable(node, path));
    entries.forEach(
        (name, entry) -> {
          var known = properties.containsKey(name);
          if (!known && values.isEmpty() && !open) {
            unknown(path, name, entry, properties.keySet());
            return;
          }
          var at = Tree.join(path, name);
          if (!known && schema.containsKey("propertyNames")) {
            scalars.check(name, entry.key(), at, map(schema.get("propertyNames")));
          }
          if (KubectlScalars.isNull(entry.value())) {
            return; // as if it were absent: the API server prunes null and fills in the default
          }
          place(entry.key(), at, map(properties.get(name)));
          var inner = known ? map(properties.get(name)) : open ? openSchema() : values;
          var child = value(entry.value(), at, inner, depth + 1);
          if (child != null) {
            tree.put(name, child);
          }
        });
    properties.forEach(
        (name, property) -> {
          var fallback = map(property).get("default");
          if (fallback != null && !has(entries, name)) {
            tree.put(name, filled(node, Tree.join(path, name), map(property), fallback));
          }
        });
    for (var required : list(schema.get("required"))) {
      var name = String.valueOf(required);
      if (!tree.containsKey(name) && !has(entries, name)) {
        found.add(node, Tree.join(path, name), "required, but missing");
      }
    }
    return new Tree.Fields(path, node, schema, tree);
  }

  private void place(Node key, String at, Map<String, Object> property) {
    if (property.containsKey(CrdSchema.HOST_ONLY)) {
      hostOnly.add(found.at(key, at, "for a host only (run and check); the operator refuses it"));
    }
    if (property.containsKey(CrdSchema.CLUSTER_ONLY)) {
      clusterOnly.add(
          found.at(key, at, "for a cluster only (operator); without Kubernetes it does nothing"));
    }
  }

  private Tree items(SequenceNode node, String path, Map<String, Object> schema, int depth) {
    var tree = new ArrayList<Tree>();
    Bounds.check(found, node, path, schema, "Items", node.getValue().size(), "entries");
    var keys = new HashSet<Object>();
    for (var i = 0; i < node.getValue().size(); i++) {
      var element = node.getValue().get(i);
      var at = path + "[" + i + "]";
      var items = schema.containsKey("items") ? map(schema.get("items")) : openSchema();
      var child = value(element, at, items, depth + 1);
      if (child == null) {
        continue;
      }
      tree.add(child);
      duplicate(child, schema, keys);
    }
    return new Tree.Items(path, node, schema, tree);
  }

  private void duplicate(Tree child, Map<String, Object> schema, HashSet<Object> keys) {
    if ("set".equals(schema.get("x-kubernetes-list-type")) && !keys.add(child.plain())) {
      found.addOfSound(child.node(), child.path(), "'" + child.plain() + "' is in this list twice");
    }
    for (var key : list(schema.get("x-kubernetes-list-map-keys"))) {
      child
          .child(String.valueOf(key))
          .filter(value -> !keys.add(value.plain()))
          .ifPresent(
              value ->
                  found.addOfSound(
                      value.node(),
                      value.path(),
                      "Duplicate value: '"
                          + value.plain()
                          + "' is the "
                          + key
                          + " of another entry"));
    }
  }

  /** A default of the schema, which may itself hold defaults. */
  private Tree filled(Node near, String path, Map<String, Object> schema, Object fallback) {
    return switch (fallback) {
      case Map<?, ?> _ -> {
        var tree = new LinkedHashMap<String, Tree>();
        map(schema.get("properties"))
            .forEach(
                (name, property) -> {
                  var inner = map(fallback).getOrDefault(name, map(property).get("default"));
                  if (inner != null) {
                    tree.put(name, filled(near, Tree.join(path, name), map(property), inner));
                  }
                });
        yield new Tree.Fields(path, near, schema, tree);
      }
      case java.util.List<?> elements ->
          new Tree.Items(
              path,
              near,
              schema,
              elements.stream().map(e -> filled(near, path, map(schema.get("items")), e)).toList());
      case Integer number -> new Tree.Value(path, near, schema, number.longValue());
      default -> new Tree.Value(path, near, schema, fallback);
    };
  }

  private static Map<String, Object> openSchema() {
    return Map.of("x-kubernetes-preserve-unknown-fields", true);
  }

  private static boolean has(Map<String, Entries.Entry> entries, String name) {
    var entry = entries.get(name);
    return entry != null && !KubectlScalars.isNull(entry.value());
  }

  /** The name of a field is not repeated where a token may have been pasted. */
  private void unknown(String path, String name, Entries.Entry entry, Set<String> known) {
    if (Wording.mayHoldSecret(path)) {
      found.add(entry.key(), path, "unknown field; right would be " + String.join(", ", known));
    } else {
      found.add(
          entry.key(),
          Tree.join(path, name),
          "unknown field '" + name + "'" + entry.hint(name) + NearestName.hint(name, known));
    }
  }
}
