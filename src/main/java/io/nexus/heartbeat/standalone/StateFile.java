package io.nexus.heartbeat.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.engine.MonitorKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is kept of one monitor. It is replaced whole, so that a crash leaves the old or the new. */
record StateFile(Path path, ObjectMapper json) {
  private static final DateTimeFormatter SUFFIX =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * What is kept beside the status: a host has no API server to count generations.
   *
   * @param monitor its namespace and name, for a file may be copied
   * @param declaredIn by whose word it is watched; null where nobody but that one process did
   */
  record Kept(
      @Nullable String uid,
      long generation,
      @Nullable String spec,
      @Nullable MonitorStatus status,
      @Nullable String monitor,
      @Nullable String declaredIn) {}

  /** Its message names the file and says what is wrong with it. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  Optional<Kept> read() throws Unreadable {
    try {
      var kept = json.readValue(Files.readAllBytes(path), Kept.class);
      if (kept == null || kept.uid() == null || kept.spec() == null || kept.generation() < 1) {
        throw foreign("it lacks uid, generation or spec", null);
      }
      return Optional.of(kept);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (JsonMappingException e) {
      var field = field(e);
      throw foreign(
          field.isEmpty() ? "it is not a JSON object" : "its " + field + " cannot be read", e);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw foreign("no JSON at line " + at.getLineNr() + ", column " + at.getColumnNr(), e);
    } catch (IOException e) {
      throw new Unreadable(path + " cannot be read: " + DurableFile.words(e), e);
    }
  }

  /** Jackson's own words speak of our classes. */
  private static String field(JsonMappingException e) {
    return e.getPath().stream()
        .map(at -> at.getFieldName() == null ? "[" + at.getIndex() + "]" : at.getFieldName())
        .collect(Collectors.joining("."));
  }

  private Unreadable foreign(String why, @Nullable Throwable cause) {
    return new Unreadable(path + " is not what heartbeat wrote: " + why, cause);
  }

  /**
   * As it was declared when this was written, with what was kept of it; none when that is no more,
   * or was declared elsewhere: others may still watch it.
   */
  Optional<HeartbeatMonitor> monitor(MonitorKey key, String declaredIn) {
    return monitor(key, kept -> declaredIn.equals(kept.declaredIn()));
  }

  /** The same, wherever it was declared. */
  Optional<HeartbeatMonitor> monitor(MonitorKey key) {
    return monitor(key, _ -> true);
  }

  private Optional<HeartbeatMonitor> monitor(MonitorKey key, Predicate<Kept> wanted) {
    try {
      var kept = read();
      if (kept.isEmpty()
          || !wanted.test(kept.get())
          || !key.toString().equals(kept.get().monitor())) {
        return Optional.empty();
      }
      var monitor = new HeartbeatMonitor();
      monitor.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(key.namespace())
              .withName(key.name())
              .withUid(kept.get().uid())
              .withGeneration(kept.get().generation())
              .build());
      monitor.setSpec(json.readValue(kept.get().spec(), MonitorSpec.class));
      monitor.setStatus(kept.get().status());
      return Optional.of(monitor);
    } catch (Unreadable | JsonProcessingException _) {
      return Optional.empty(); // it is nobody's now, and stays for who wants to see
    }
  }

  /** Out of the way, and nothing of it is lost; returns where it is then. */
  Path setAside(Instant now) throws IOException {
    var aside = path.resolveSibling(path.getFileName() + ".unreadable-" + SUFFIX.format(now));
    return Files.move(path, aside);
  }

  /** What writers left who were killed; only the one who holds the directory may. */
  static void sweep(Path directory) throws IOException {
    try (var left = Files.newDirectoryStream(directory, ".[0-9]*.new")) {
      for (var file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  void write(HeartbeatMonitor monitor, @Nullable MonitorStatus status, @Nullable String declaredIn)
      throws IOException {
    var kept =
        new Kept(
            monitor.getMetadata().getUid(),
            monitor.getMetadata().getGeneration(),
            json.writeValueAsString(monitor.getSpec()),
            status,
            MonitorKey.of(monitor).toString(),
            declaredIn);
    DurableFile.replace(path, json.writeValueAsBytes(kept));
  }
}
