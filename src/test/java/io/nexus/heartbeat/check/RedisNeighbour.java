package io.nexus.heartbeat.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import redis.embedded.RedisServer;

/** A real Redis on a free port. */
public final class RedisNeighbour implements AutoCloseable {
  private final RedisServer server;
  public final int port;

  public RedisNeighbour(String... settings) throws IOException {
    this(freePort(), settings);
  }

  RedisNeighbour(int port, String... settings) throws IOException {
    this.port = port;
    var builder = RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"");
    for (var setting : settings) {
      builder.setting(setting);
    }
    server = builder.build();
    server.start();
  }

  static int freePort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** One inline command by a client of the test's own; the first line of the answer. */
  String say(String command) throws IOException {
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

  long processId() throws IOException {
    return processId(port);
  }

  static long processId(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("INFO server\r\n".getBytes(StandardCharsets.UTF_8));
      var text = new StringBuilder();
      var buffer = new byte[4096];
      while (text.indexOf("process_id:") < 0
          || text.indexOf("\r\n", text.indexOf("process_id:")) < 0) {
        text.append(
            new String(buffer, 0, socket.getInputStream().read(buffer), StandardCharsets.UTF_8));
      }
      var from = text.indexOf("process_id:") + "process_id:".length();
      return Long.parseLong(text.substring(from, text.indexOf("\r\n", from)));
    }
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
