package io.nexus.heartbeat.standalone;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Files that are replaced whole, so that a crash, or a power cut, leaves the old or the new. */
public final class DurableFile {
  private DurableFile() {}

  /** When this returns it is on the disk. */
  public static void replace(Path path, byte[] content) throws IOException {
    var directory = Objects.requireNonNull(path.getParent());
    var written = Files.createTempFile(directory, ".", ".new");
    try {
      // Not a channel: to end a turn its thread is interrupted, which would close one half written.
      try (var file = new FileOutputStream(written.toFile())) {
        file.write(content);
        file.getFD().sync();
      }
      Files.move(
          written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(directory);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** That the file has its name outlives a power cut only then; not every system can. */
  static void sync(Path directory) {
    try (var opened = FileChannel.open(directory)) {
      opened.force(true);
    } catch (IOException _) {
      // Such as of a thread that is being ended: the name is there, and most likely stays.
    }
  }

  /** Java's file exceptions say only the path; their class says what is the matter. */
  public static String words(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it is a file, not a directory";
      case NotDirectoryException _ -> "it is not a directory";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
