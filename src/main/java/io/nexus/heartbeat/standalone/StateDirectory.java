package io.nexus.heartbeat.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.SharedBudget;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.posix.LockHolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statuses as files, one for each monitor, in a directory that one process holds at a time: two
 * never act at once. A file is replaced whole, so that a crash leaves the old or the new one.
 */
public final class StateDirectory implements StatusStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateDirectory.class);
  static final String LOCK = "lock";
  private static final String FILES = "?*.?*.json";
  static final String AS_WHOM = "; try as root, or as the user that heartbeat runs as";

  /**
   * What this process holds. The system cannot say: its lock is the whole process's, and closing
   * the file once gives it away, whoever opened it (fcntl(2)). So nobody opens it a second time.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Path held;
  private final ObjectMapper json;
  private final @Nullable String declaredIn;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Map<MonitorKey, HeartbeatMonitor> monitors = new HashMap<>();

  /**
   * For a process that does not stay.
   *
   * @throws Refused another process holds the directory, or it cannot be used, with what to do
   */
  public static StateDirectory open(Path directory, ObjectMapper json) throws Refused {
    return open(directory, json, null);
  }

  /**
   * @param declaredIn where its monitors come from, such as the names of files: what was declared
   *     there and is no more has ended
   * @throws Refused another process holds the directory, or it cannot be used, with what to do
   */
  public static StateDirectory open(Path directory, ObjectMapper json, @Nullable String declaredIn)
      throws Refused {
    try {
      Files.createDirectories(directory);
      var held = directory.toRealPath();
      if (!HELD.add(held)) {
        throw inUse(directory);
      }
      try {
        return locked(directory, held, json, declaredIn);
      } catch (IOException | Refused e) {
        HELD.remove(held);
        throw e;
      }
    } catch (IOException e) {
      throw new Refused(
          "cannot keep state in "
              + directory
              + ": "
              + DurableFile.words(e)
              + "; give another with --state");
    }
  }

  /** Whether this very process holds it. */
  static boolean isHeldHere(Path directory) {
    try {
      return HELD.contains(directory.toRealPath());
    } catch (IOException _) {
      return false;
    }
  }

  private static StateDirectory locked(
      Path directory, Path held, ObjectMapper json, @Nullable String declaredIn)
      throws IOException, Refused {
    var channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw inUse(directory);
    }
    StateFile.sweep(directory);
    return new StateDirectory(directory, held, json, declaredIn, channel, lock);
  }

  private static Refused inUse(Path directory) {
    return new Refused(
        directory
            + " is in use by another heartbeat; stop that one, or give this one another"
            + " directory with --state");
  }

  private StateDirectory(
      Path directory,
      Path held,
      ObjectMapper json,
      @Nullable String declaredIn,
      FileChannel lockFile,
      FileLock lock) {
    this.directory = directory;
    this.held = held;
    this.json = json;
    this.declaredIn = declaredIn;
    this.lockFile = lockFile;
    this.lock = lock;
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
   * What was kept and cannot be read is set aside, and the monitor starts from nothing: one bad
   * file stops no other monitor.
   *
   * @throws Refused the directory takes nothing
   */
  public synchronized HeartbeatMonitor adopt(HeartbeatMonitor declared) throws Refused {
    var key = MonitorKey.of(declared);
    try {
      var spec = json.writeValueAsString(declared.getSpec());
      var kept = kept(key);
      var meta = declared.getMetadata();
      meta.setAnnotations(withoutOrders(meta.getAnnotations()));
      meta.setUid(kept.map(StateFile.Kept::uid).orElseGet(() -> UUID.randomUUID().toString()));
      meta.setGeneration(
          kept.map(k -> spec.equals(k.spec()) ? k.generation() : k.generation() + 1).orElse(1L));
      meta.setResourceVersion(
          Long.toString(monitors.containsKey(key) ? number(monitors.get(key)) + 1 : 1));
      kept.map(StateFile.Kept::status).ifPresent(declared::setStatus);
      file(key).write(declared, declared.getStatus(), declaredIn);
      monitors.put(key, declared);
      return declared;
    } catch (IOException e) {
      throw new Refused(
          "cannot keep state in "
              + directory
              + ": "
              + DurableFile.words(e)
              + "; make room there, or give another with --state");
    }
  }

  /** A file declares; what stands in it for good is no order. */
  private static Map<String, String> withoutOrders(@Nullable Map<String, String> annotations) {
    var others = new LinkedHashMap<>(Objects.requireNonNullElse(annotations, Map.of()));
    for (var order : Order.values()) {
      others.remove(order.annotation());
    }
    return others;
  }

  private Optional<StateFile.Kept> kept(MonitorKey key) throws IOException {
    var file = file(key);
    try {
      return file.read();
    } catch (StateFile.Unreadable e) {
      log.error(
          "{}; it is now {}, and monitor {} starts from nothing, so what it has told is told again."
              + " To go on from it: stop heartbeat, mend it and move it back",
          e.getMessage(),
          file.setAside(Instant.now()),
          key);
      return Optional.empty();
    }
  }

  /**
   * Those that were declared where these are, and are not among them; what cannot be read stays.
   */
  synchronized List<HeartbeatMonitor> others(Set<MonitorKey> declared) {
    if (declaredIn == null) {
      return List.of();
    }
    try (var files = Files.newDirectoryStream(directory, FILES)) {
      var others = new ArrayList<HeartbeatMonitor>();
      for (var path : files) {
        var key = key(path);
        if (!declared.contains(key)) {
          new StateFile(path, json).monitor(key, declaredIn).ifPresent(others::add);
        }
      }
      return others;
    } catch (IOException | DirectoryIteratorException e) {
      log.warn("cannot look for monitors of before in {}: {}", directory, e.getMessage());
      return List.of();
    }
  }

  private static MonitorKey key(Path file) {
    var name = file.getFileName().toString();
    var dot = name.indexOf('.'); // a namespace has none
    return new MonitorKey(
        name.substring(0, dot), name.substring(dot + 1, name.length() - ".json".length()));
  }

  /**
   * What somebody who does not hold the directory sees of its monitors: as they were last written.
   *
   * @throws Refused it cannot be read
   */
  public static List<HeartbeatMonitor> look(Path directory, ObjectMapper json) throws Refused {
    try (var files = Files.newDirectoryStream(directory, FILES)) {
      var monitors = new ArrayList<HeartbeatMonitor>();
      for (var path : files) {
        if (!Files.isReadable(path)) {
          throw new AccessDeniedException(path.toString());
        }
        new StateFile(path, json).monitor(key(path)).ifPresent(monitors::add);
      }
      monitors.sort(Comparator.comparing(monitor -> MonitorKey.of(monitor).toString()));
      return monitors;
    } catch (NoSuchFileException e) {
      throw new Refused("there is no state directory " + directory);
    } catch (IOException e) {
      throw new Refused("cannot read " + directory + ": " + DurableFile.words(e) + AS_WHOM);
    } catch (DirectoryIteratorException e) {
      throw new Refused("cannot read " + directory + ": " + e.getMessage() + AS_WHOM);
    }
  }

  /** The user whom we are, by number. */
  Object owner() throws IOException {
    var ours = Files.createTempFile(directory, ".", ".new");
    try {
      return Files.getAttribute(ours, "unix:uid");
    } finally {
      Files.deleteIfExists(ours);
    }
  }

  /** Whether a heartbeat runs that holds it; empty where the system does not say. */
  public static Optional<Boolean> isInUse(Path directory) {
    return LockHolder.tells() ? Optional.of(StateCheckup.isHeld(directory)) : Optional.empty();
  }

  /**
   * An order of a person, as if it were annotated.
   *
   * @return whether it is another than the last
   */
  synchronized boolean order(MonitorKey key, Order order, String value) {
    var live = monitors.get(key);
    if (live == null || value.equals(Order.in(live.getMetadata().getAnnotations()).get(order))) {
      return false;
    }
    var next = new HeartbeatMonitor();
    next.setMetadata(
        live.getMetadata()
            .edit()
            .addToAnnotations(order.annotation(), value)
            .withResourceVersion(Long.toString(number(live) + 1))
            .build());
    next.setSpec(live.getSpec());
    next.setStatus(live.getStatus());
    monitors.put(key, next);
    return true;
  }

  /**
   * What was kept of a monitor that is declared no more.
   *
   * @throws Refused it cannot be taken away
   */
  synchronized void remove(MonitorKey key) throws Refused {
    try {
      monitors.remove(key);
      Files.deleteIfExists(file(key).path());
    } catch (IOException e) {
      throw new Refused("cannot delete " + file(key).path() + ": " + DurableFile.words(e));
    }
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
    next.setMetadata(meta.withResourceVersion(Long.toString(number(live) + 1)).build());
    next.setSpec(live.getSpec());
    next.setStatus(status);
    try {
      file(key).write(next, status, declaredIn);
    } catch (IOException e) {
      throw new Unavailable("cannot write " + file(key).path() + ": " + DurableFile.words(e), e);
    }
    monitors.put(key, next);
    return next;
  }

  private static long number(HeartbeatMonitor monitor) {
    return Long.parseLong(version(monitor));
  }

  private static String version(HeartbeatMonitor monitor) {
    return monitor.getMetadata().getResourceVersion();
  }

  /** What its monitors spend together. */
  public SharedBudget budget() {
    return new HostBudget(directory.resolve("budget"), Shares.DEFAULT, InstantSource.system());
  }

  private StateFile file(MonitorKey key) {
    return new StateFile(directory.resolve(key.namespace() + "." + key.name() + ".json"), json);
  }

  @Override
  public void close() throws IOException {
    try (lockFile) {
      lock.release();
    } finally {
      HELD.remove(held);
    }
  }
}
