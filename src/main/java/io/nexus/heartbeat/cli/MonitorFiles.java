package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.validation.Finding;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.standalone.FileFault;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files given with {@code -f}; {@code -} is the standard input. */
final class MonitorFiles {
  private static final String DEFAULT_NAMESPACE = "default";

  private MonitorFiles() {}

  /** Where a monitor is to be used. */
  enum Place {
    host,
    cluster
  }

  /** All monitors in the files, for a host. */
  static List<HeartbeatMonitor> read(List<Path> files, PrintWriter err) {
    return read(files, err, Place.host);
  }

  /**
   * All monitors in the files.
   *
   * @param place null when it is either: what is for a host only is named then
   * @throws Failure with every finding of every file, when there is one
   */
  static List<HeartbeatMonitor> read(List<Path> files, PrintWriter err, @Nullable Place place) {
    var monitors = new ArrayList<HeartbeatMonitor>();
    var findings = new ArrayList<String>();
    var seen = new HashMap<MonitorKey, String>();
    for (var path : files) {
      var file = MonitorFile.parse(path.toString(), text(path));
      file.notices().forEach(notice -> err.println("heartbeat: " + notice));
      file.findings().forEach(finding -> findings.add(finding.toString()));
      if (place == Place.cluster) {
        file.hostOnly().forEach(finding -> findings.add(finding.toString()));
      } else if (place == null) {
        file.hostOnly().forEach(finding -> err.println("heartbeat: " + finding));
      }
      for (var declared : file.declared()) {
        var monitor = declared.monitor();
        if (monitor.getMetadata().getNamespace() == null) {
          monitor.getMetadata().setNamespace(DEFAULT_NAMESPACE);
        }
        var key = MonitorKey.of(monitor);
        var before = seen.putIfAbsent(key, path + ":" + declared.line());
        if (before != null) {
          findings.add(
              new Finding(
                      path.toString(),
                      declared.line(),
                      declared.column(),
                      "metadata.name",
                      "monitor " + key + " stands already in " + before)
                  .toString());
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
      var bytes = path.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(path);
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.CONFIG, "there is no file " + path);
    } catch (IOException e) {
      throw new Failure(ExitCode.CONFIG, "cannot read " + path + ": " + FileFault.of(path, e));
    }
  }
}
