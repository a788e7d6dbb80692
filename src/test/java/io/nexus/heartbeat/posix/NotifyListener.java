package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/** systemd's side of sd_notify(3). */
public final class NotifyListener implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int MSG_DONTWAIT = 0x40;

  private final int socket;

  public NotifyListener(Path path) throws Throwable {
    var bytes = path.toString().getBytes(UTF_8);
    socket =
        (int)
            C.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT))
                .invokeExact(AF_UNIX, SOCK_DGRAM, 0);
    try (var arena = Arena.ofConfined()) {
      var address = arena.allocate(110);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
      var bound =
          (int)
              C.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT))
                  .invokeExact(socket, address, 2 + bytes.length);
      if (bound != 0) {
        throw new IllegalStateException("cannot bind " + path);
      }
    }
  }

  /** The next message, when there is one. */
  public Optional<String> next() throws Throwable {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(4096);
      var length =
          (long)
              C.function(
                      "recv",
                      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
                  .invokeExact(socket, text, 4096L, MSG_DONTWAIT);
      return length < 0
          ? Optional.empty()
          : Optional.of(new String(text.asSlice(0, length).toArray(JAVA_BYTE), UTF_8));
    }
  }

  @Override
  public void close() throws Exception {
    try {
      var _ =
          (int) C.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(socket);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
