package io.nexus.heartbeat.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook;
import io.nexus.heartbeat.engine.MonitorKey;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders on a host: a file each, in {@code orders} below the state directory, until what came of it
 * is stored. A crash before that leaves the file; one after it leaves a file whose text is known,
 * and which is taken away unread. For one thread.
 */
public final class OrderFiles {
  private static final Logger log = LoggerFactory.getLogger(OrderFiles.class);

  private static final String DIRECTORY = "orders";
  private static final String FILES = "[0-9]*.json";

  /** A monitor's name, a kind and a text of at most 256 characters. */
  private static final int LARGEST = 4096;

  /** What nobody takes is taken away: its monitor is gone. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(7);

  private static final String ROOT = "0";
  private static final int WRITABLE_BY_OTHERS = 0022;

  private static final FileAttribute<?> OWN_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWN_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final ObjectMapper json = new ObjectMapper();
  private final Path directory;
  private final StateDirectory state;
  private final Set<Path> complainedOf = new HashSet<>();

  /**
   * @param state the same directory, held by this process
   */
  public OrderFiles(Path directory, StateDirectory state) {
    this.directory = directory.resolve(DIRECTORY);
    this.state = state;
  }

  /** What stands in a file. */
  record Content(@Nullable String monitor, @Nullable String order, @Nullable String value) {}

  private record Waiting(Path file, MonitorKey monitor, Order order, String value) {}

  /**
   * Leaves an order for whoever holds the state directory, now or next.
   *
   * @throws StateDirectory.Refused it cannot be left there
   */
  public static void leave(Path state, MonitorKey monitor, Order order, String value)
      throws StateDirectory.Refused {
    try {
      left(state, new Content(monitor.toString(), order.word(), value));
    } catch (IOException e) {
      throw new StateDirectory.Refused(
          "cannot leave an order in "
              + state.resolve(DIRECTORY)
              + ": "
              + DurableFile.words(e)
              + StateDirectory.AS_WHOM);
    }
  }

  private static void left(Path state, Content content) throws IOException {
    var directory = state.resolve(DIRECTORY);
    try {
      Files.createDirectory(directory, OWN_DIRECTORY);
      Files.setOwner(directory, Files.getOwner(state)); // of root's making, it is not root's
    } catch (FileAlreadyExistsException _) {
      // as it should be
    }
    var name = "%013d-%s".formatted(Instant.now().toEpochMilli(), UUID.randomUUID());
    var made = Files.createFile(directory.resolve("." + name + ".new"), OWN_FILE);
    try {
      try (var file = new FileOutputStream(made.toFile())) {
        file.write(new ObjectMapper().writeValueAsBytes(content));
        file.getFD().sync();
      }
      if (!Files.getOwner(made).equals(Files.getOwner(state))) {
        Files.setOwner(made, Files.getOwner(state));
      }
      Files.move(made, directory.resolve(name + ".json"), StandardCopyOption.ATOMIC_MOVE);
      DurableFile.sync(directory);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  /**
   * Gives monitors the orders that lie there, of each kind one at a time and in the order in which
   * they came, and takes away what was handled.
   *
   * @param wake told of each monitor that was given one
   * @return whether any was
   */
  public boolean give(Consumer<MonitorKey> wake) {
    var given = false;
    var busy = new HashSet<String>();
    for (var waiting : waiting()) {
      var monitor = state.read(waiting.monitor());
      if (monitor.isEmpty()) {
        forgetIfOld(waiting);
      } else if (book(monitor.get()).of(waiting.order(), waiting.value()).isPresent()) {
        remove(waiting.file());
      } else if (busy.add(waiting.monitor() + " " + waiting.order())
          && state.order(waiting.monitor(), waiting.order(), waiting.value())) {
        given = true;
        wake.accept(waiting.monitor());
      }
    }
    return given;
  }

  private static OrderBook book(HeartbeatMonitor monitor) {
    var status = monitor.getStatus() == null ? MonitorStatus.NONE : monitor.getStatus();
    return status.state().orders();
  }

  private List<Waiting> waiting() {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    var files = new ArrayList<Path>();
    try (var all = Files.newDirectoryStream(directory, FILES)) {
      all.forEach(files::add);
    } catch (IOException e) {
      complain(directory, DurableFile.words(e));
    } catch (DirectoryIteratorException e) {
      complain(directory, String.valueOf(e.getMessage()));
    }
    if (files.isEmpty() || !isOurs(directory)) {
      return List.of();
    }
    Collections.sort(files);
    var waiting = new ArrayList<Waiting>();
    for (var file : files) {
      if (isOurs(file)) {
        read(file, waiting);
      }
    }
    return waiting;
  }

  /** Whoever else could write here could have anything done. */
  private boolean isOurs(Path path) {
    try {
      var seen = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
      var regular = path.equals(directory) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
      var uid = String.valueOf(seen.get("uid"));
      var mode = seen.get("mode") instanceof Integer bits ? bits : WRITABLE_BY_OTHERS;
      if (!regular) {
        complain(path, "it is not a file");
      } else if (!uid.equals(ROOT) && !uid.equals(state.owner().toString())) {
        complain(path, "it belongs to another user (" + uid + ")");
      } else if ((mode & WRITABLE_BY_OTHERS) != 0) {
        complain(path, "others may write it");
      } else {
        return true;
      }
    } catch (IOException e) {
      complain(path, DurableFile.words(e));
    }
    return false;
  }

  private void read(Path file, List<Waiting> waiting) {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      var content = json.readValue(in.readNBytes(LARGEST), Content.class);
      var monitor = content == null ? null : content.monitor();
      var order = content == null ? null : content.order();
      var value = content == null ? null : content.value();
      var key = monitor == null ? null : key(monitor);
      var known = order == null ? Optional.<Order>empty() : Order.named(order);
      if (key == null || value == null || known.isEmpty()) {
        complain(file, "it is no order");
      } else {
        waiting.add(new Waiting(file, key, known.get(), value));
      }
    } catch (JsonProcessingException _) {
      complain(file, "it is no order");
    } catch (IOException e) {
      complain(file, DurableFile.words(e));
    }
  }

  private static @Nullable MonitorKey key(String monitor) {
    var slash = monitor.indexOf('/');
    return slash < 0
        ? null
        : new MonitorKey(monitor.substring(0, slash), monitor.substring(slash + 1));
  }

  /** Once each: it is looked at every second. */
  private void complain(Path path, String why) {
    if (complainedOf.add(path)) {
      log.warn("{} is not taken as an order: {}; delete it", path, why);
    }
  }

  /** It may be of a monitor that another process watches, which holds the directory at times. */
  private void forgetIfOld(Waiting waiting) {
    try {
      var since = Files.getLastModifiedTime(waiting.file(), LinkOption.NOFOLLOW_LINKS).toInstant();
      if (since.isBefore(Instant.now().minus(LONGEST_WAIT))) {
        log.warn(
            "nobody has watched {} for {} days: the order {} of it is dropped",
            waiting.monitor(),
            LONGEST_WAIT.toDays(),
            waiting.order().word());
        remove(waiting.file());
      }
    } catch (IOException e) {
      complain(waiting.file(), DurableFile.words(e));
    }
  }

  /** For good, before another of its kind is given: then its text is not known any more. */
  private void remove(Path file) {
    try {
      Files.deleteIfExists(file);
      DurableFile.sync(directory);
    } catch (IOException e) {
      complain(file, "it was obeyed and cannot be deleted: " + DurableFile.words(e));
    }
  }
}
