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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The files given with {@code -f}; {@code -} is the standard input. */
final class MonitorFiles {
  private static final String DEFAULT_NAMESPACE = "default";

  private MonitorFiles() {}

  /** What the files say, mistakes included. */
  record Content(List<HeartbeatMonitor> monitors, List<String> notices, List<String> findings) {
    /**
     * The monitors; notices go to {@code err}.
     *
     * @throws Failure with every finding of every file, when there is one
     */
    List<HeartbeatMonitor> orFail(PrintWriter err) {
      notices.forEach(notice -> err.println("heartbeat: " + notice));
      if (!findings.isEmpty()) {
        findings.forEach(err::println);
        throw new Failure(ExitCode.CONFIG, mistakes());
      }
      return monitors;
    }

    String mistakes() {
      return findings.size() + (findings.size() == 1 ? " mistake" : " mistakes");
    }
  }

  /** Where a monitor is to be used. */
  enum Place {
    host,
    cluster
  }

  /** A monitor that is in no file. */
  static Content of(HeartbeatMonitor monitor) {
    monitor.getMetadata().setNamespace(DEFAULT_NAMESPACE);
    return new Content(List.of(monitor), List.of(), List.of());
  }

  /** All monitors in the files, for a host: what only a cluster has does nothing, and says so. */
  static Content read(List<Path> files) {
    return read(files, (_, _) -> {});
  }

  /**
   * All monitors in the files.
   *
   * @param place null when it is either: what is for a host only is named then
   * @throws Failure a file cannot be read
   */
  static Content read(List<Path> files, @Nullable Place place) {
    return read(files, (file, content) -> place(file, place, content));
  }

  private static void place(MonitorFile file, @Nullable Place place, Content content) {
    switch (place) {
      case host -> file.clusterOnly().forEach(it -> content.findings().add(it.toString()));
      case cluster -> file.hostOnly().forEach(it -> content.findings().add(it.toString()));
      case null -> file.hostOnly().forEach(it -> content.notices().add(it.toString()));
    }
  }

  private static Content read(List<Path> files, BiConsumer<MonitorFile, Content> places) {
    var content = new Content(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    var seen = new HashMap<MonitorKey, String>();
    for (var path : files) {
      var file = MonitorFile.parse(path.toString(), text(path));
      content.notices().addAll(file.notices());
      file.findings().forEach(finding -> content.findings().add(finding.toString()));
      places.accept(file, content);
      for (var declared : file.declared()) {
        var monitor = declared.monitor();
        if (monitor.getMetadata().getNamespace() == null) {
          monitor.getMetadata().setNamespace(DEFAULT_NAMESPACE);
        }
        var key = MonitorKey.of(monitor);
        var before = seen.putIfAbsent(key, path + ":" + declared.line());
        if (before != null) {
          content.findings().add(twice(path, declared, key, before));
        }
        content.monitors().add(monitor);
      }
    }
    return content;
  }

  private static String twice(
      Path path, MonitorFile.Declared declared, MonitorKey key, String before) {
    return new Finding(
            path.toString(),
            declared.line(),
            declared.column(),
            "metadata.name",
            "monitor " + key + " stands already in " + before)
        .toString();
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
