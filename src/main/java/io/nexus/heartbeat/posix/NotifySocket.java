package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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

/**
 * The datagram socket of Unix on which systemd listens. Java has only the stream sockets; so the C
 * library's own functions, as unix(7) and sendto(2) on Linux describe them.
 */
public final class NotifySocket {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** struct sockaddr_un: a family of two bytes, then the path. */
  private static final int PATH_AT = 2;

  private static final int LONGEST_PATH = 108;

  private final byte[] path;

  /**
   * @param path of the file system, or with {@code @} first a name that is abstract
   */
  public NotifySocket(String path) {
    this.path = path.getBytes(UTF_8);
    if (path.startsWith("@")) {
      this.path[0] = 0;
    }
  }

  /** One message whole, or an exception with what the system said. */
  public void send(String message) throws IOException {
    if (path.length == 0 || path.length > LONGEST_PATH) {
      throw new IOException("its path is empty, or longer than " + LONGEST_PATH + " bytes");
    }
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      var socket = (int) Native.SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      if (socket < 0) {
        throw failure(state);
      }
      try {
        var bytes = message.getBytes(UTF_8);
        var text = arena.allocate(bytes.length);
        MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
        var sent =
            (long)
                Native.SENDTO.invokeExact(
                    state,
                    socket,
                    text,
                    (long) bytes.length,
                    MSG_NOSIGNAL,
                    address(arena),
                    PATH_AT + path.length);
        if (sent < 0) {
          throw failure(state);
        }
      } finally {
        var _ = (int) Native.CLOSE.invokeExact(socket);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("the C library cannot be called", e);
    }
  }

  private MemorySegment address(Arena arena) {
    var address = arena.allocate(PATH_AT + LONGEST_PATH);
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH_AT, path.length);
    return address;
  }

  private static IOException failure(MemorySegment state) throws Throwable {
    var number = state.get(JAVA_INT, 0);
    var words = (MemorySegment) Native.STRERROR.invokeExact(number);
    return new IOException(words.reinterpret(256).getString(0));
  }

  /** Looked up once something is sent, which on most machines is never. */
  private static final class Native {
    static final MethodHandle SOCKET =
        C.function(
            "socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), capture());
    static final MethodHandle SENDTO =
        C.function(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
            capture());
    static final MethodHandle CLOSE =
        C.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    static final MethodHandle STRERROR =
        C.function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private static Linker.Option capture() {
      return Linker.Option.captureCallState("errno");
    }
  }
}
