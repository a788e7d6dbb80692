package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A pipe to a program that is ours and not Java's. Java drains its own when the program has ended,
 * without a bound, and there is no end of that while a child of the program writes on. Who writes
 * into this one waits until it is read, and is told by SIGPIPE when it is closed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/fifo.7.html">fifo(7)</a>
 */
public final class NamedPipe implements Closeable {
  private static final int FOR_US_ALONE = 0600;

  private final Path path;
  private final RandomAccessFile opener;
  private final InputStream in;

  private NamedPipe(Path path, RandomAccessFile opener, InputStream in) {
    this.path = path;
    this.opener = opener;
    this.in = in;
  }

  private static final class Native {
    static final MethodHandle MKFIFO =
        C.function("mkfifo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  }

  public static NamedPipe create(Path path) throws IOException {
    make(path);
    var opener = new RandomAccessFile(path.toFile(), "rw"); // else opening it waits for a writer
    try {
      return new NamedPipe(path, opener, new FileInputStream(path.toFile()));
    } catch (IOException e) {
      opener.close();
      throw e;
    }
  }

  public Redirect end() {
    return Redirect.to(path.toFile());
  }

  /**
   * What is there by now.
   *
   * @return false when it is too much
   */
  public boolean take(ByteArrayOutputStream to, int most) throws IOException {
    for (var there = in.available(); there > 0; there = in.available()) {
      if (to.size() + there > most) {
        return false;
      }
      to.write(in.readNBytes(there));
    }
    return true;
  }

  /** What is there by now; of all that was taken so far the end is kept. */
  public void takeLast(ByteArrayOutputStream to, int most) throws IOException {
    to.write(in.readNBytes(in.available())); // at most what a pipe holds
    if (to.size() > most) {
      var all = to.toByteArray();
      to.reset();
      to.write(all, all.length - most, most);
    }
  }

  @Override
  public void close() throws IOException {
    opener.close();
    in.close();
  }

  private static void make(Path path) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(path.toString());
      if (C.call(() -> (int) Native.MKFIFO.invokeExact(name, FOR_US_ALONE)) != 0) {
        throw new IOException(path + " cannot be made");
      }
    }
  }
}
