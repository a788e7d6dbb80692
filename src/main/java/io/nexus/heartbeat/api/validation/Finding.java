package io.nexus.heartbeat.api.validation;

import java.util.Comparator;

/**
 * What is wrong in a file, and where.
 *
 * @param line from 1
 * @param column from 1
 * @param fieldPath such as {@code spec.targets[2].redis.url}; empty for the document itself
 */
public record Finding(String file, int line, int column, String fieldPath, String message)
    implements Comparable<Finding> {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::file)
          .thenComparing(Finding::line)
          .thenComparing(Finding::column)
          .thenComparing(Finding::fieldPath)
          .thenComparing(Finding::message);

  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }

  /** {@code monitor.yaml:12:7: spec.targets[2].redis.url: …} */
  @Override
  public String toString() {
    return file
        + ":"
        + line
        + ":"
        + column
        + ": "
        + (fieldPath.isEmpty() ? "" : fieldPath + ": ")
        + message;
  }
}
