package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.standalone.FileWatch;
import java.nio.file.Path;
import java.util.List;

/** The files of {@code -f}, and whether they were changed since they were last read. */
final class MonitorSource {
  private static final Path STANDARD_INPUT = Path.of("-");

  private final List<Path> files;
  private final FileWatch watch;

  /** What is changed from now on is seen. */
  MonitorSource(List<Path> files) {
    this.files = files;
    watch = new FileWatch(canBeReadAgain() ? files : List.of());
  }

  /** The standard input is at its end. */
  boolean canBeReadAgain() {
    return !files.contains(STANDARD_INPUT);
  }

  /** True once for each change. */
  boolean isChanged() {
    return watch.isChanged();
  }

  /**
   * @throws Failure a file cannot be read
   */
  MonitorFiles.Content read() {
    return MonitorFiles.read(files);
  }
}
