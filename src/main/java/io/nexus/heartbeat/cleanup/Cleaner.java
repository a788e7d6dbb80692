package io.nexus.heartbeat.cleanup;

import io.nexus.heartbeat.posix.Directory;
import io.nexus.heartbeat.posix.FileStatus;
import io.nexus.heartbeat.posix.Space;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Deletes what a plan says below a root, and nothing else: nothing that a symbolic link leads to,
 * nothing on another mount, nothing that is younger, among the newest, to be kept, tracked by git,
 * or being written.
 */
public final class Cleaner {
  private final InstantSource clock;

  public Cleaner(InstantSource clock) {
    this.clock = clock;
  }

  /** Is told of each file as it goes; of a dry run, as it would. */
  @FunctionalInterface
  public interface Listener {
    Listener NONE = (_, _) -> {};

    /**
     * @param path from the root on, escaped; a directory ends in a slash
     * @param freed bytes on the disk; 0 when the file has other names
     */
    void deleted(String path, long freed);
  }

  /** Nothing was deleted, for a reason that is the message. */
  public static final class CannotClean extends Exception {
    private static final long serialVersionUID = 1;

    CannotClean(String message) {
      super(message);
    }

    CannotClean(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * @param within then it ends, where it is
   * @param dryRun deletes nothing
   */
  public Result clean(Path root, Plan plan, Duration within, boolean dryRun, Listener listener)
      throws CannotClean {
    var missing = Directory.missing();
    if (missing.isPresent()) {
      throw new CannotClean(missing.get());
    }
    try {
      return inside(root.toRealPath(), plan, within, dryRun, listener);
    } catch (NoSuchFileException _) {
      throw new CannotClean("there is no " + Shown.text(root.toString()) + " here");
    } catch (IOException e) {
      throw new CannotClean(Shown.text(root.toString()) + " cannot be cleaned: " + words(e), e);
    }
  }

  private Result inside(Path root, Plan plan, Duration within, boolean dryRun, Listener listener)
      throws IOException, CannotClean {
    for (var part : root) {
      if (part.toString().equals(".git")) {
        throw new CannotClean("nothing is deleted in a .git: " + Shown.text(root.toString()));
      }
    }
    try (var directory = Directory.open(root)) {
      var now = clock.instant();
      var end = now.plus(within);
      var walk =
          new Walk(
              root,
              plan,
              above(root),
              () -> clock.instant().isAfter(end) || Thread.currentThread().isInterrupted());
      var before = Space.of(root);
      var newest = new Newest(plan);
      var deletion = new Deletion(plan, newest, new Writers(clock), now, dryRun, listener);
      var cutOff = false;
      try {
        if (newest.isNeeded()) {
          walk.each(directory, newest);
          newest.settle();
        }
        walk.each(directory, deletion);
      } catch (Walk.CutOff _) {
        cutOff = true;
      }
      return deletion
          .tally()
          .result(dryRun, cutOff, before, Space.of(root), StillOpen.on(device(directory)));
    }
  }

  private static List<Repository> above(Path root) throws CannotClean {
    try {
      return Repository.above(root);
    } catch (IOException e) {
      throw new CannotClean(
          "nothing is deleted where it cannot be told what git tracks: "
              + Shown.text(String.valueOf(e.getMessage())),
          e);
    }
  }

  private static long device(Directory directory) throws IOException {
    FileStatus status = directory.status();
    return status.device();
  }

  private static String words(IOException e) {
    return Shown.text(
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : String.valueOf(e.getMessage()));
  }
}
