package io.nexus.heartbeat.standalone;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Who holds the lock of a file. Java can only try to take it, and who has it for that moment keeps
 * a service from starting; so fcntl(2), F_GETLK, which takes nothing.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/F_GETLK.2const.html">F_GETLK(2const)</a>
 */
final class LockHolder {
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

  /**
   * The other process; 0 where it is one that is not seen from here, as in another container; empty
   * when there is none, or it cannot be told.
   *
   * <p>Not to be asked of a file that this process has locked: closing it would give that up.
   */
  static OptionalLong of(Path file) {
    if (!LINUX) {
      return OptionalLong.empty();
    }
    var linker = Linker.nativeLinker();
    var library = linker.defaultLookup();
    var variadic = Linker.Option.firstVariadicArg(2);
    try (var arena = Arena.ofConfined()) {
      var open =
          linker.downcallHandle(
              library.findOrThrow("open"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
      var fcntl =
          linker.downcallHandle(
              library.findOrThrow("fcntl"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
              variadic);
      var close =
          linker.downcallHandle(
              library.findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      var opened =
          (int) open.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY | O_CLOEXEC);
      if (opened < 0) {
        return OptionalLong.empty();
      }
      var lock = arena.allocate(SIZE, Long.BYTES);
      lock.set(JAVA_SHORT, TYPE_AT, F_WRLCK);
      var failed = (int) fcntl.invokeExact(opened, F_GETLK, lock);
      var _ = (int) close.invokeExact(opened);
      return failed != 0 || lock.get(JAVA_SHORT, TYPE_AT) == F_UNLCK
          ? OptionalLong.empty()
          : OptionalLong.of(lock.get(JAVA_INT, PID_AT));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a function of C throws nothing", e);
    }
  }
}
