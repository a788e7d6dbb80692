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
 * the request and never answers.
 */
final class Endpoints {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n".getBytes(US_ASCII);

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
      socket.getOutputStream().write(OK);
    } catch (IOException _) {
      // It went away.
    }
  }
}
