package io.nexus.heartbeat.check;

import io.nexus.heartbeat.posix.Space;
import java.io.IOException;
import java.nio.file.Path;

/** How full a file system of this machine is. */
final class Statvfs {
  private Statvfs() {}

  /** Blocks for as long as the file system is silent. */
  static DiskUsage of(Path path) throws IOException {
    var space = Space.of(path);
    return new DiskUsage(
        space.used(), space.available(), space.total(), space.inodesUsed(), space.inodes());
  }
}
