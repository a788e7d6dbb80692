package io.nexus.heartbeat.api.validation;

import java.util.List;

/**
 * Where a document has not the form that its schema wants. What a rule would say of that would be
 * of another document; of the rest it holds.
 */
record Damage(List<String> paths) {
  Damage {
    paths = List.copyOf(paths);
  }

  boolean isIn(Tree tree) {
    return paths.stream().anyMatch(path -> isAtOrBelow(path, tree.path()));
  }

  private static boolean isAtOrBelow(String path, String above) {
    return path.startsWith(above)
        && (above.isEmpty()
            || path.length() == above.length()
            || path.charAt(above.length()) == '.'
            || path.charAt(above.length()) == '[');
  }
}
