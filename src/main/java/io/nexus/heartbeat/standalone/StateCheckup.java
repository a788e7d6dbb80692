package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.posix.LockHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether {@code run} could keep its state in a directory. Nothing is made, and nothing locked. */
final class StateCheckup {
  private static final long MEBIBYTE = 1 << 20;

  /** A thousand targets are some 100 kB for each 100, and each write is whole beside the old. */
  private static final long LEAST_FREE = 16 * MEBIBYTE;

  private StateCheckup() {}

  static Diagnosis of(Path directory) {
    var subject = "state directory " + directory;
    var exists = Files.exists(directory);
    var there = nearest(directory);
    if (!Files.isDirectory(there)) {
      return new Diagnosis(
          subject, there + " is a file, not a directory", "give another with --state");
    }
    if (!Files.isWritable(there) || !Files.isExecutable(there)) {
      return new Diagnosis(
          subject,
          exists ? "it cannot be written" : "it cannot be made: " + there + " cannot be written",
          "let this user ("
              + System.getProperty("user.name")
              + ") write there, try this as the user of the service, or give another with --state");
    }
    if (isHeld(directory)) {
      var holder = LockHolder.of(directory.resolve(StateDirectory.LOCK));
      var who =
          holder.isEmpty() || holder.getAsLong() <= 0 ? "" : ", process " + holder.getAsLong();
      return Diagnosis.well(subject, "in use by a heartbeat that runs" + who);
    }
    return space(subject, there, exists);
  }

  /** By a heartbeat that runs. */
  static boolean isHeld(Path directory) {
    return StateDirectory.isHeldHere(directory)
        || LockHolder.of(directory.resolve(StateDirectory.LOCK)).isPresent();
  }

  private static Diagnosis space(String subject, Path there, boolean exists) {
    try {
      var free = Files.getFileStore(there).getUsableSpace();
      return free < LEAST_FREE
          ? new Diagnosis(
              subject,
              "%d MiB are free there".formatted(free / MEBIBYTE),
              "free at least %d MiB".formatted(LEAST_FREE / MEBIBYTE))
          : Diagnosis.well(
              subject,
              (exists ? "can be written" : "can be made")
                  + ", %d MiB are free".formatted(free / MEBIBYTE));
    } catch (IOException e) {
      return new Diagnosis(subject, DurableFile.words(e), "give another with --state");
    }
  }

  /** What is there of the path. */
  private static Path nearest(Path path) {
    for (@Nullable Path at = path.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      if (Files.exists(at)) {
        return at;
      }
    }
    return Path.of("/");
  }
}
