package io.nexus.heartbeat.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Statuses as files, one for each monitor, in a directory that one process holds at a time: two
 * never act at once. A file is replaced whole, so that a crash leaves the old or the new one.
 */
public final class StateDirectory implements StatusStore, AutoCloseable {
  private static final String LOCK = "lock";

  private final Path directory;
  private final ObjectMapper json;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Map<MonitorKey, HeartbeatMonitor> monitors = new HashMap<>();

  /** What is kept of a monitor beside its status: a host has no API server to count generations. */
  record Kept(String uid, long generation, String spec, @Nullable MonitorStatus status) {}

  /**
   * @throws Refused another process holds the directory, or it cannot be used, with what to do
   */
  public static StateDirectory open(Path directory, ObjectMapper json) throws Refused {
    try {
      Files.createDirectories(directory);
      var channel =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new Refused(
            directory
                + " is in use by another heartbeat; stop that one, or give this one another"
                + " directory with --state");
      }
      return new StateDirectory(directory, json, channel, lock);
    } catch (IOException e) {
      throw new Refused(
          "cannot keep state in " + directory + ": " + words(e) + "; give another with --state");
    }
  }

  private StateDirectory(Path directory, ObjectMapper json, FileChannel lockFile, FileLock lock) {
    this.directory = directory;
    this.json = json;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // held by this very process
    }
  }

  /** The directory cannot be used; the message says why and what to do. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * A monitor as read from a file, with what was kept of it. A changed spec is a new generation.
   *
   * @throws Refused what was kept cannot be read
   */
  public synchronized HeartbeatMonitor adopt(HeartbeatMonitor declared) throws Refused {
    var key = MonitorKey.of(declared);
    try {
      var spec = json.writeValueAsString(declared.getSpec());
      var kept = kept(key);
      var generation =
          kept.map(k -> k.spec().equals(spec) ? k.generation() : k.generation() + 1).orElse(1L);
      declared
          .getMetadata()
          .setUid(kept.map(Kept::uid).orElseGet(() -> UUID.randomUUID().toString()));
      declared.getMetadata().setGeneration(generation);
      declared.getMetadata().setResourceVersion("1");
      kept.map(Kept::status).ifPresent(declared::setStatus);
      save(key, declared, declared.getStatus());
      monitors.put(key, declared);
      return declared;
    } catch (JsonProcessingException e) {
      throw new Refused(
          file(key) + " is not what heartbeat wrote: " + e.getOriginalMessage() + "; remove it");
    } catch (IOException e) {
      throw new Refused("cannot keep state in " + directory + ": " + words(e));
    }
  }

  synchronized void drop(MonitorKey key) {
    monitors.remove(key);
  }

  @Override
  public synchronized Optional<HeartbeatMonitor> read(MonitorKey key) {
    return Optional.ofNullable(monitors.get(key));
  }

  @Override
  public synchronized HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status)
      throws Conflict, Unavailable {
    var key = MonitorKey.of(decidedOn);
    var live = monitors.get(key);
    if (live == null || !version(live).equals(version(decidedOn))) {
      throw new Conflict(key + " was written since it was read");
    }
    var next = new HeartbeatMonitor();
    var meta = live.getMetadata().edit();
    next.setMetadata(
        meta.withResourceVersion(Long.toString(Long.parseLong(version(live)) + 1)).build());
    next.setSpec(live.getSpec());
    next.setStatus(status);
    try {
      save(key, next, status);
    } catch (IOException e) {
      throw new Unavailable("cannot write " + file(key) + ": " + words(e), e);
    }
    monitors.put(key, next);
    return next;
  }

  private static String version(HeartbeatMonitor monitor) {
    return monitor.getMetadata().getResourceVersion();
  }

  private Optional<Kept> kept(MonitorKey key) throws IOException {
    try {
      return Optional.of(json.readValue(Files.readAllBytes(file(key)), Kept.class));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private void save(MonitorKey key, HeartbeatMonitor monitor, @Nullable MonitorStatus status)
      throws IOException {
    var kept =
        new Kept(
            monitor.getMetadata().getUid(),
            monitor.getMetadata().getGeneration(),
            json.writeValueAsString(monitor.getSpec()),
            status);
    var written = Files.createTempFile(directory, "." + key.name(), ".new");
    try {
      try (var channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
        var bytes = ByteBuffer.wrap(json.writeValueAsBytes(kept));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          written, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private Path file(MonitorKey key) {
    return directory.resolve(key.namespace() + "." + key.name() + ".json");
  }

  /** Java's file exceptions say only the path; their class says what is the matter. */
  private static String words(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it is a file, not a directory";
      case NotDirectoryException _ -> "it is not a directory";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  @Override
  public void close() throws IOException {
    lock.release();
    lockFile.close();
  }
}
