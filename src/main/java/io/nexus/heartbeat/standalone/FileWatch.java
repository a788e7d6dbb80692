package io.nexus.heartbeat.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether files were changed since they were last read. Asked now and then: the system's own
 * notices miss what happens behind a symbolic link or on a network's file system.
 */
public final class FileWatch {
  private final List<Path> files;
  private List<Optional<Seen>> read;
  private List<Optional<Seen>> last;

  /** A file that is replaced by one of the same size and age is another one still. */
  private record Seen(FileTime modified, long size, @Nullable Object key) {}

  /** They are taken as read now. */
  public FileWatch(List<Path> files) {
    this.files = List.copyOf(files);
    read = look();
    last = read;
  }

  /**
   * True once for each change, when two looks in a row have seen the same: a copy or an editor that
   * is still writing is waited for.
   */
  public boolean isChanged() {
    var now = look();
    var quiet = now.equals(last);
    last = now;
    if (!quiet || now.equals(read)) {
      return false;
    }
    read = now;
    return true;
  }

  private List<Optional<Seen>> look() {
    return files.stream().map(FileWatch::look).toList();
  }

  private static Optional<Seen> look(Path file) {
    try {
      var seen = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Seen(seen.lastModifiedTime(), seen.size(), seen.fileKey()));
    } catch (IOException _) {
      return Optional.empty(); // whoever reads it says why
    }
  }
}
