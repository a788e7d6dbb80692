package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What Java does not tell of a file: by which mount it is reached, how many names it has, and what
 * it takes on the disk. The struct is the same on every processor.
 *
 * @param mount which mount; two of one file system differ
 * @param links how many names it has; 0 when all are gone and somebody has it open
 * @param allocated bytes on the disk, which a sparse file has fewer of than its size
 * @see <a href="https://man7.org/linux/man-pages/man2/statx.2.html">statx(2)</a>
 */
public record FileStatus(
    Kind kind, long mount, long device, long inode, long links, long allocated, Instant modified) {

  /** As far as anybody here asks. */
  public enum Kind {
    RegularFile,
    Directory,
    SymbolicLink,
    Other
  }

  static final int HERE = -100;
  static final int NOFOLLOW = 0x100;
  static final int ITSELF = 0x1000;

  /** What is known already will do, so that a file server that is silent holds nobody up. */
  private static final int DONT_SYNC = 0x4000;

  private static final int BASIC = 0x7ff;
  private static final int MOUNT = 0x1000;
  private static final long SIZE = 256;
  private static final long BLOCK = 512;

  private static final class Native {
    static final MethodHandle STATX =
        C.function(
            "statx",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
            Linker.Option.captureCallState("errno"));
  }

  /** It is the same file, reached by the same mount. */
  public boolean isSameAs(FileStatus other) {
    return kind == other.kind
        && mount == other.mount
        && device == other.device
        && inode == other.inode;
  }

  /**
   * Of what is behind a link of {@code /proc/…/fd}, which is followed into other containers too.
   */
  static FileStatus ofOpen(Path link) throws IOException {
    return of(HERE, link.toString().getBytes(UTF_8), DONT_SYNC);
  }

  static FileStatus of(int directory, byte[] name, int flags) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      var answer = arena.allocate(SIZE, Long.BYTES);
      var text = Directory.text(arena, name);
      var failed =
          C.call(
              () ->
                  (int)
                      Native.STATX.invokeExact(
                          state, directory, text, flags, BASIC | MOUNT, answer));
      if (failed != 0) {
        throw new SystemFailure(state.get(JAVA_INT, 0));
      }
      if ((answer.get(JAVA_INT, 0) & MOUNT) == 0) {
        throw new IOException("this kernel does not tell mounts apart; Linux 5.8 and newer do");
      }
      return read(answer);
    }
  }

  private static FileStatus read(MemorySegment answer) {
    return new FileStatus(
        kind(answer.get(JAVA_SHORT, 28)),
        answer.get(JAVA_LONG, 144),
        ((long) answer.get(JAVA_INT, 136) << 32) | answer.get(JAVA_INT, 140) & 0xffff_ffffL,
        answer.get(JAVA_LONG, 32),
        answer.get(JAVA_INT, 16) & 0xffff_ffffL,
        answer.get(JAVA_LONG, 48) * BLOCK,
        Instant.ofEpochSecond(
            Math.clamp(
                answer.get(JAVA_LONG, 112),
                Instant.MIN.getEpochSecond(),
                Instant.MAX.getEpochSecond() - 1), // anybody may write any number there
            answer.get(JAVA_INT, 120)));
  }

  private static Kind kind(short mode) {
    return switch (mode & 0xf000) {
      case 0x8000 -> Kind.RegularFile;
      case 0x4000 -> Kind.Directory;
      case 0xa000 -> Kind.SymbolicLink;
      default -> Kind.Other;
    };
  }
}
