package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.standalone.FileWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where monitors come from: the files of {@code -f}, or options, which stay as they are. */
final class MonitorSource {
  private static final Path STANDARD_INPUT = Path.of("-");

  private final List<Path> files;
  private final FileWatch watch;
  private final @Nullable HeartbeatMonitor fixed;

  /** What is changed from now on is seen. */
  MonitorSource(List<Path> files) {
    this.files = files;
    fixed = null;
    watch = new FileWatch(canBeReadAgain() ? files : List.of());
  }

  MonitorSource(HeartbeatMonitor monitor) {
    files = List.of();
    fixed = monitor;
    watch = new FileWatch(List.of());
  }

  /** The standard input is at its end, and options are said once. */
  boolean canBeReadAgain() {
    return fixed == null && !files.contains(STANDARD_INPUT);
  }

  /** The names of the files; null where nobody could say that a monitor is declared no more. */
  @Nullable String name() {
    return canBeReadAgain()
        ? files.stream()
            .map(file -> file.toAbsolutePath().normalize().toString())
            .sorted()
            .collect(Collectors.joining(", "))
        : null;
  }

  /** True once for each change. */
  boolean isChanged() {
    return watch.isChanged();
  }

  /**
   * @throws Failure a file cannot be read
   */
  MonitorFiles.Content read() {
    return fixed == null ? MonitorFiles.read(files) : MonitorFiles.of(fixed);
  }
}
