package io.nexus.heartbeat.api.validation;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/** What was found so far in one file. */
final class Findings {
  private final String file;
  private final List<Finding> all = new ArrayList<>();
  private final List<String> damaged = new ArrayList<>();

  Findings(String file) {
    this.file = file;
  }

  void add(Node node, String path, String message) {
    damaged.add(path);
    addOfSound(node, path, message);
  }

  /** Its form is right, so the rules for it hold as well. */
  void addOfSound(Node node, String path, String message) {
    add(line(node), column(node), path, message);
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  static int column(Node node) {
    return node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
  }

  /** Not added. */
  Finding at(Node node, String path, String message) {
    return new Finding(file, line(node), column(node), path, message);
  }

  void add(int line, int column, String path, String message) {
    all.add(new Finding(file, line, column, path, message));
  }

  String place(Node node) {
    return file + ":" + line(node);
  }

  /** A document, of which nothing is damaged yet. */
  void begin() {
    damaged.clear();
  }

  /** Of the document that was begun last. */
  Damage damage() {
    return new Damage(damaged);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  int count() {
    return all.size();
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
