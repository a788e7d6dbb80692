package io.nexus.heartbeat.check;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nexus.heartbeat.posix.C;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * statvfs(3), because Java tells no inodes; on what is not Linux, what Java tells.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/statvfs.3.html">statvfs(3)</a>
 */
final class Statvfs {
  private static final boolean LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
          && ADDRESS.byteSize() == Long.BYTES;

  /** Of struct statvfs: unsigned longs of 64 bits, in glibc as in musl. */
  private static final int UNIT = 1;

  private static final int BLOCKS = 2;
  private static final int FREE_BLOCKS = 3;
  private static final int AVAILABLE_BLOCKS = 4;
  private static final int INODES = 5;
  private static final int FREE_INODES = 6;

  /** Of the struct it is 112; more, so that no C library can write beyond it. */
  private static final long SIZE = 256;

  private Statvfs() {}

  private static final class Native {
    static final MethodHandle STATVFS =
        C.function("statvfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  }

  /** Blocks for as long as the file system is silent. */
  static DiskUsage of(Path path) throws IOException {
    // It also says in words what is the matter with a path.
    var there = path.toRealPath();
    return LINUX ? linux(there) : portable(there);
  }

  private static DiskUsage linux(Path path) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var answer = arena.allocate(SIZE, Long.BYTES);
      var name = arena.allocateFrom(path.toString());
      if (C.call(() -> (int) Native.STATVFS.invokeExact(name, answer)) != 0) {
        throw new IOException("the system does not say how full " + path + " is");
      }
      var unit = number(answer, UNIT);
      return new DiskUsage(
          (number(answer, BLOCKS) - number(answer, FREE_BLOCKS)) * unit,
          number(answer, AVAILABLE_BLOCKS) * unit,
          number(answer, BLOCKS) * unit,
          number(answer, INODES) - number(answer, FREE_INODES),
          number(answer, INODES));
    }
  }

  private static double number(MemorySegment answer, int index) {
    return answer.getAtIndex(JAVA_LONG, index);
  }

  private static DiskUsage portable(Path path) throws IOException {
    var store = Files.getFileStore(path);
    var total = store.getTotalSpace();
    return new DiskUsage(total - store.getUnallocatedSpace(), store.getUsableSpace(), total, 0, 0);
  }
}
