package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Who holds the lock of a file. Java can only try to take it, and who has it for that moment keeps
 * a service from starting; so fcntl(2), F_GETLK, which takes nothing.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/F_GETLK.2const.html">F_GETLK(2const)</a>
 */
public final class LockHolder {
  private static final boolean LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
          && ADDRESS.byteSize() == Long.BYTES;

  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_GETLK = 5;
  private static final short F_WRLCK = 1;
  private static final short F_UNLCK = 2;

  /** struct flock of 64 bits: type and whence, then start and length, which are 0 for all. */
  private static final long SIZE = 32;

  private static final long TYPE_AT = 0;
  private static final long PID_AT = 24;

  private LockHolder() {}

  /** Whether it can be told here. */
  public static boolean tells() {
    return LINUX;
  }

  /**
   * The other process; 0 where it is one that is not seen from here, as in another container; empty
   * when there is none, or it cannot be told.
   *
   * <p>Not to be asked of a file that this process has locked: closing it would give that up.
   */
  public static OptionalLong of(Path file) {
    if (!LINUX) {
      return OptionalLong.empty();
    }
    return C.call(
        () -> {
          try (var arena = Arena.ofConfined()) {
            var name = arena.allocateFrom(file.toString());
            var opened = (int) Native.OPEN.invokeExact(name, O_RDONLY | O_CLOEXEC);
            if (opened < 0) {
              return OptionalLong.empty();
            }
            var lock = arena.allocate(SIZE, Long.BYTES);
            lock.set(JAVA_SHORT, TYPE_AT, F_WRLCK);
            var failed = (int) Native.FCNTL.invokeExact(opened, F_GETLK, lock);
            var _ = (int) Native.CLOSE.invokeExact(opened);
            return failed != 0 || lock.get(JAVA_SHORT, TYPE_AT) == F_UNLCK
                ? OptionalLong.empty()
                : OptionalLong.of(lock.get(JAVA_INT, PID_AT));
          }
        });
  }

  private static final class Native {
    static final MethodHandle OPEN =
        C.function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle FCNTL =
        C.function(
            "fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle CLOSE =
        C.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }
}
