package io.nexus.heartbeat.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import redis.embedded.RedisServer;

/** A real Redis on a free port. */
public final class RedisNeighbour implements AutoCloseable {
  private static final int TRIES = 5;

  private final RedisServer server;
  public final int port;

  public RedisNeighbour(String... settings) throws IOException {
    this(
        RedisNeighbour.<RedisServer>somewhere(
            RedisNeighbour::freePort, port -> started(port, settings)));
  }

  RedisNeighbour(int port, String... settings) throws IOException {
    this(started(port, settings));
  }

  private RedisNeighbour(RedisServer server) {
    this.server = server;
    this.port = server.ports().getFirst();
  }

  private static RedisServer started(int port, String... settings) throws IOException {
    var builder = RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"");
    for (var setting : settings) {
      builder.setting(setting);
    }
    var server = builder.build();
    server.start();
    return server;
  }

  /** Looks for a port that is free. */
  @FunctionalInterface
  interface Finding {
    int port() throws IOException;
  }

  /** Starts on a port, which may be taken since it was found to be free. */
  @FunctionalInterface
  interface Starting<T> {
    T on(int port) throws IOException;
  }

  static <T> T somewhere(Finding free, Starting<T> start) throws IOException {
    for (var left = TRIES; ; left--) {
      try {
        return start.on(free.port());
      } catch (IOException e) {
        if (left == 1) {
          throw e;
        }
      }
    }
  }

  /** What happens while a real Redis reads its data, for some six seconds. */
  public static void whileLoading(Path directory, Loading step) throws Exception {
    var place = "dir " + directory;
    try (var before = new RedisNeighbour(place, "rdbcompression no")) {
      // While it loads, Redis answers after every 2 MiB.
      for (var key = 0; key < 15; key++) {
        before.say("SETRANGE key:%d 2200000 x".formatted(key));
      }
      before.say("SAVE");
    }
    var port = freePort();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var loaded = threads.submit(() -> new RedisNeighbour(port, place, "key-load-delay 400000"));
      try {
        step.run(port);
      } finally {
        loaded.get().close();
      }
    }
  }

  /** What is done meanwhile. */
  @FunctionalInterface
  public interface Loading {
    void run(int port) throws Exception;
  }

  public static int freePort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** One inline command by a client of the test's own; the first line of the answer. */
  public String say(String command) throws IOException {
    return say(port, command);
  }

  static String say(int port, String command) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      var answer = new byte[512];
      var read = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, read), StandardCharsets.UTF_8).strip();
    }
  }

  public long processId() throws IOException {
    return processId(port);
  }

  static long processId(int port) throws IOException {
    return info(port, "server", "process_id");
  }

  /** A number of INFO memory. */
  public long info(String name) throws IOException {
    return info(port, "memory", name);
  }

  private static long info(int port, String section, String name) throws IOException {
    var begin = "\r\n" + name + ":";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(("INFO " + section + "\r\n").getBytes(StandardCharsets.UTF_8));
      var text = new StringBuilder();
      var buffer = new byte[4096];
      while (text.indexOf(begin) < 0 || text.indexOf("\r\n", text.indexOf(begin) + 2) < 0) {
        text.append(
            new String(buffer, 0, socket.getInputStream().read(buffer), StandardCharsets.UTF_8));
      }
      var from = text.indexOf(begin) + begin.length();
      return Long.parseLong(text.substring(from, text.indexOf("\r\n", from)));
    }
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
