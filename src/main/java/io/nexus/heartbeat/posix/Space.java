package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How full a file system is, by statvfs(3), because Java tells no inodes; on what is not Linux,
 * what Java tells.
 *
 * @param used bytes
 * @param available bytes that one who is not root may still write
 * @param total bytes
 * @param inodes how many there can be; 0 where they are not counted
 * @see <a href="https://man7.org/linux/man-pages/man3/statvfs.3.html">statvfs(3)</a>
 */
public record Space(double used, double available, double total, double inodesUsed, double inodes) {
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

  private static final class Native {
    static final MethodHandle STATVFS =
        C.function("statvfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  }

  /** Blocks for as long as the file system is silent. */
  public static Space of(Path path) throws IOException {
    // It also says in words what is the matter with a path.
    var there = path.toRealPath();
    return LINUX ? linux(there) : portable(there);
  }

  /** As df counts it: what is reserved for root is not free; 0 where there is no size. */
  public double percent() {
    return used + available > 0 ? 100 * used / (used + available) : 0;
  }

  private static Space linux(Path path) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var answer = arena.allocate(SIZE, Long.BYTES);
      var name = arena.allocateFrom(path.toString());
      if (C.call(() -> (int) Native.STATVFS.invokeExact(name, answer)) != 0) {
        throw new IOException("the system does not say how full " + path + " is");
      }
      var unit = number(answer, UNIT);
      return new Space(
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

  private static Space portable(Path path) throws IOException {
    var store = Files.getFileStore(path);
    var total = store.getTotalSpace();
    return new Space(total - store.getUnallocatedSpace(), store.getUsableSpace(), total, 0, 0);
  }
}
