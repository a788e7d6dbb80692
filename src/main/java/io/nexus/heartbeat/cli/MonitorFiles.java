package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.engine.MonitorKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** The files given with {@code -f}; {@code -} is the standard input. */
final class MonitorFiles {
  private static final String DEFAULT_NAMESPACE = "default";

  private MonitorFiles() {}

  /**
   * All monitors in the files.
   *
   * @throws Failure with every finding of every file, when there is one
   */
  static List<HeartbeatMonitor> read(List<Path> files, PrintWriter err) {
    var monitors = new ArrayList<HeartbeatMonitor>();
    var findings = new ArrayList<String>();
    var seen = new HashMap<MonitorKey, Path>();
    for (var path : files) {
      var file = MonitorFile.parse(path.toString(), text(path));
      file.notices().forEach(notice -> err.println("heartbeat: " + notice));
      file.findings().forEach(finding -> findings.add(finding.toString()));
      for (var monitor : file.monitors()) {
        if (monitor.getMetadata().getNamespace() == null) {
          monitor.getMetadata().setNamespace(DEFAULT_NAMESPACE);
        }
        var before = seen.put(MonitorKey.of(monitor), path);
        if (before != null) {
          findings.add(
              "%s: monitor %s stands already in %s"
                  .formatted(path, monitor.getMetadata().getName(), before));
        }
        monitors.add(monitor);
      }
    }
    if (!findings.isEmpty()) {
      findings.forEach(err::println);
      throw new Failure(
          ExitCode.CONFIG, findings.size() + (findings.size() == 1 ? " mistake" : " mistakes"));
    }
    return monitors;
  }

  private static String text(Path path) {
    try {
      return path.toString().equals("-")
          ? new String(System.in.readAllBytes(), UTF_8)
          : Files.readString(path);
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.CONFIG, "there is no file " + path);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.CONFIG,
          "cannot read "
              + path
              + ": "
              + (Files.isDirectory(path)
                  ? "it is a directory"
                  : "permission denied, or not UTF-8 text"));
    }
  }
}
