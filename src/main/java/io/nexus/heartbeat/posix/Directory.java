package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A directory held open, so that what is asked of a name in it is asked of this very directory,
 * whatever becomes of the path that led here. Java's SecureDirectoryStream tells neither mounts nor
 * names of a file, and knows names only as the locale spells them; here they are bytes. No symbolic
 * link is ever followed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat.2.html">openat(2)</a>
 */
public final class Directory implements Closeable {
  private static final String PROCESSOR = System.getProperty("os.arch");
  private static final boolean ARM = PROCESSOR.equals("aarch64");

  private static final boolean KNOWN =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
          && (ARM || PROCESSOR.equals("amd64"));

  // asm-generic/fcntl.h, of which arch/arm64 redefines the two.
  private static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
  private static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
  private static final int O_NONBLOCK = 0x800; // or opening a named pipe would wait for its writer
  private static final int O_CLOEXEC = 0x80000;

  private static final int AT_REMOVEDIR = 0x200;

  private static final byte[] ITSELF = {};
  private static final byte[] DOT = {'.'};

  private final int descriptor;

  private Directory(int descriptor) {
    this.descriptor = descriptor;
  }

  private static final class Native {
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    static final MethodHandle OPENAT =
        C.function("openat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
    static final MethodHandle UNLINKAT =
        C.function("unlinkat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
    static final MethodHandle GETDENTS64 =
        C.function(
            "getdents64", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), ERRNO);
    static final MethodHandle CLOSE =
        C.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

  /** Why there is none of this here; empty where there is. */
  public static Optional<String> missing() {
    if (!KNOWN) {
      return Optional.of(
          "files are deleted only on Linux on amd64 and aarch64, not on "
              + System.getProperty("os.name")
              + " on "
              + PROCESSOR);
    }
    try {
      for (var function : new String[] {"openat", "unlinkat", "getdents64", "statx"}) {
        var _ = Linker.nativeLinker().defaultLookup().findOrThrow(function);
      }
      return Optional.empty();
    } catch (NoSuchElementException e) {
      return Optional.of("the C library of this machine is too old: " + e.getMessage());
    }
  }

  /**
   * @param path its last part is not followed when it is a symbolic link; those before it are
   */
  public static Directory open(Path path) throws IOException {
    missing()
        .ifPresent(
            why -> {
              throw new UnsupportedOperationException(why);
            });
    return new Directory(open(FileStatus.HERE, path.toString().getBytes(UTF_8), O_DIRECTORY));
  }

  public FileStatus status() throws IOException {
    return FileStatus.of(descriptor, ITSELF, FileStatus.ITSELF);
  }

  /** Of what has that name here, be it a symbolic link. */
  public FileStatus status(byte[] name) throws IOException {
    return FileStatus.of(descriptor, single(name), FileStatus.NOFOLLOW);
  }

  /**
   * A directory of this one.
   *
   * @throws SystemFailure {@link SystemFailure#ELOOP}, {@link SystemFailure#ENOTDIR}: it is none
   */
  public Directory open(byte[] name) throws IOException {
    return new Directory(open(descriptor, single(name), O_DIRECTORY));
  }

  /** The same once more, to be closed by itself. */
  public Directory again() throws IOException {
    return new Directory(open(descriptor, DOT, O_DIRECTORY));
  }

  /** What a regular file of this directory holds. */
  public InputStream read(byte[] name) throws IOException {
    var file = open(descriptor, single(name), 0);
    try {
      if (FileStatus.of(file, ITSELF, FileStatus.ITSELF).kind() != FileStatus.Kind.RegularFile) {
        throw new IOException("not a regular file");
      }
      return new FileInputStream("/proc/self/fd/" + file);
    } finally {
      close(file);
    }
  }

  /** Takes away the name of what is no directory. */
  public void unlink(byte[] name) throws IOException {
    remove(single(name), 0);
  }

  /** Takes away an empty directory. */
  public void removeDirectory(byte[] name) throws IOException {
    remove(single(name), AT_REMOVEDIR);
  }

  /** Its names one after the other, in no order, of which only some are in memory. */
  public Names names() throws IOException {
    return new Names(open(descriptor, DOT, O_DIRECTORY));
  }

  @Override
  public void close() {
    close(descriptor);
  }

  private void remove(byte[] name, int flags) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      var text = text(arena, name);
      if (C.call(() -> (int) Native.UNLINKAT.invokeExact(state, descriptor, text, flags)) != 0) {
        throw new SystemFailure(state.get(JAVA_INT, 0));
      }
    }
  }

  private static int open(int directory, byte[] name, int flags) throws SystemFailure {
    var all = flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      var text = text(arena, name);
      var opened = C.call(() -> (int) Native.OPENAT.invokeExact(state, directory, text, all));
      if (opened < 0) {
        throw new SystemFailure(state.get(JAVA_INT, 0));
      }
      return opened;
    }
  }

  private static void close(int descriptor) {
    var _ = C.call(() -> (int) Native.CLOSE.invokeExact(descriptor));
  }

  /** A name is of one part: a path would be followed through symbolic links. */
  private static byte[] single(byte[] name) {
    var dots = name.length <= 2;
    for (var b : name) {
      if (b == '/' || b == 0) {
        throw new IllegalArgumentException("a name of one part is needed");
      }
      dots = dots && b == '.';
    }
    if (dots) {
      throw new IllegalArgumentException("a name is needed, and no dots");
    }
    return name;
  }

  static MemorySegment text(Arena arena, byte[] bytes) {
    var text = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
    return text;
  }

  /**
   * The names in a directory, without the two dots.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/getdents.2.html">getdents64(2)</a>
   */
  public static final class Names implements Closeable {
    private static final long BUFFER = 32 * 1024;
    private static final long LENGTH_AT = 16;
    private static final long NAME_AT = 19;

    private final int opened;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment buffer = arena.allocate(BUFFER, Long.BYTES);
    private long at;
    private long filled;

    private Names(int opened) {
      this.opened = opened;
    }

    /** Empty at the end. */
    public Optional<byte[]> next() throws IOException {
      while (true) {
        if (at >= filled) {
          filled =
              C.call(() -> (long) Native.GETDENTS64.invokeExact(state, opened, buffer, BUFFER));
          at = 0;
        }
        if (filled < 0) {
          throw new SystemFailure(state.get(JAVA_INT, 0));
        }
        if (filled == 0) {
          return Optional.empty();
        }
        var start = at + NAME_AT;
        at += buffer.get(JAVA_SHORT, at + LENGTH_AT) & 0xffff;
        var end = start;
        while (buffer.get(JAVA_BYTE, end) != 0) {
          end++;
        }
        var name = buffer.asSlice(start, end - start).toArray(JAVA_BYTE);
        if (!isDots(name)) {
          return Optional.of(name);
        }
      }
    }

    @Override
    public void close() {
      arena.close();
      Directory.close(opened);
    }

    private static boolean isDots(byte[] name) {
      return name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
    }
  }
}
