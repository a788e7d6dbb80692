package io.nexus.heartbeat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Something to check, in a process of its own: {@code /0}, {@code /1} … answer, {@code /hang} takes
 * the request and never answers, {@code /stalls} tells the longest stall since it was last asked.
 */
final class Endpoints {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n".getBytes(US_ASCII);

  private static final Stalls STALLS = new Stalls();

  private Endpoints() {}

  public static void main(String[] args) throws IOException {
    try (var server = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress())) {
      System.out.println(server.getLocalPort());
      while (true) {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      }
    }
  }

  /** Milliseconds, of the process that listens there. */
  static double longestStall(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("GET /stalls HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      return Double.parseDouble(new String(socket.getInputStream().readAllBytes(), US_ASCII));
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII), 1024);
      var request = in.readLine();
      for (var line = request; line != null && !line.isEmpty(); line = in.readLine()) {
        // a header
      }
      if (request != null && request.contains(" /hang ")) {
        while (in.read() >= 0) {
          // until the client gives up
        }
        return;
      }
      socket
          .getOutputStream()
          .write(
              request != null && request.contains(" /stalls ")
                  ? String.valueOf(STALLS.longest()).getBytes(US_ASCII)
                  : OK);
    } catch (IOException _) {
      // It went away.
    }
  }
}
