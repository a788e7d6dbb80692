package io.nexus.heartbeat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Something to check, in a process of its own: answers on one port, accepts and is silent on
 * another. Prints both ports and ends when its standard input does.
 */
final class EndpointServer {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".getBytes(US_ASCII);
  private static final int BACKLOG = 4096;

  private EndpointServer() {}

  public static void main(String[] args) throws IOException {
    var answering = listen(EndpointServer::answer);
    var silent = listen(socket -> {});
    System.out.println(answering + " " + silent);
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private interface Peer {
    void accepted(Socket socket) throws IOException;
  }

  private static int listen(Peer peer) throws IOException {
    var server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (true) {
                try {
                  var socket = server.accept();
                  Thread.ofVirtual().start(() -> serve(socket, peer));
                } catch (IOException e) {
                  return;
                }
              }
            });
    return server.getLocalPort();
  }

  private static void serve(Socket socket, Peer peer) {
    try (socket) {
      peer.accepted(socket);
      var _ = socket.getInputStream().readAllBytes(); // until the other side closes
    } catch (IOException _) {
      // it went away
    }
  }

  private static void answer(Socket socket) throws IOException {
    var _ = socket.getInputStream().read(new byte[4096]);
    socket.getOutputStream().write(ANSWER);
    socket.shutdownOutput();
  }
}
