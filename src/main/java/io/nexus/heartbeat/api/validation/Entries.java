package io.nexus.heartbeat.api.validation;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The fields of a mapping, its merge keys ({@code <<}) followed as kubectl does: later ones win.
 */
final class Entries {
  /** Merges within merges; more is a ring. */
  private static final int MAX_DEPTH = 20;

  private final Findings found;
  private final String path;
  private final BooleanSupplier affordable;
  private final SequencedMap<String, Entry> all = new LinkedHashMap<>();

  /**
   * @param merged brought in by a merge key
   */
  record Entry(Node key, Node value, boolean merged) {

    /** As it stands in the file, where that is not what it means. */
    String hint(String name) {
      return key instanceof ScalarNode scalar && !scalar.getValue().equals(name)
          ? " (written " + scalar.getValue() + ", which kubectl reads so)"
          : "";
    }
  }

  private Entries(Findings found, String path, BooleanSupplier affordable) {
    this.found = found;
    this.path = path;
    this.affordable = affordable;
  }

  /**
   * @param affordable asked for each entry, because aliases multiply what characters do not
   */
  static SequencedMap<String, Entry> of(
      MappingNode node, String path, Findings found, BooleanSupplier affordable) {
    var entries = new Entries(found, path, affordable);
    entries.collect(node, 0);
    return entries.all;
  }

  private void collect(MappingNode node, int merges) {
    for (var tuple : node.getValue()) {
      if (!affordable.getAsBoolean()) {
        return;
      }
      var key = tuple.getKeyNode();
      if (KubectlScalars.isMerge(key)) {
        merge(key, tuple.getValueNode(), merges + 1);
        continue;
      }
      var name = KubectlScalars.key(key);
      if (name.isEmpty()) {
        found.add(key, path, "this key is no string; put it in quotes");
        continue;
      }
      var before = all.get(name.get());
      if (before != null && !before.merged() && merges == 0) {
        found.add(
            key,
            Wording.mayHoldSecret(path) ? path : Tree.join(path, name.get()),
            "written twice; keep one");
        continue;
      }
      all.put(name.get(), new Entry(key, tuple.getValueNode(), merges > 0));
    }
  }

  private void merge(Node key, Node value, int merges) {
    if (value instanceof SequenceNode several) {
      several.getValue().reversed().forEach(one -> mergeOne(key, one, merges));
    } else {
      mergeOne(key, value, merges);
    }
  }

  private void mergeOne(Node key, Node value, int merges) {
    if (value instanceof MappingNode fields && merges <= MAX_DEPTH) {
      collect(fields, merges);
    } else {
      found.add(key, path, "<< takes a mapping or a list of mappings");
    }
  }
}
