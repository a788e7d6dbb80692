package io.nexus.heartbeat.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Does to every client what the test says. */
final class ScriptedServer implements AutoCloseable {
  interface Script {
    void play(Socket client) throws Exception;
  }

  private final ServerSocket listener;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();

  ScriptedServer(ServerSocket listener, Script script) {
    this.listener = listener;
    Thread.ofVirtual().start(() -> accept(script));
  }

  static ScriptedServer that(Script script) throws IOException {
    return new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept(Script script) {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        clients.add(client);
        Thread.ofVirtual()
            .start(
                () -> {
                  try (client) {
                    script.play(client);
                  } catch (Exception _) {
                    // The client went away, which is its right.
                  }
                });
      } catch (IOException _) {
        // Closed.
      }
    }
  }

  /** Until the client hangs up. */
  static void beSilent(Socket client) throws IOException {
    while (client.getInputStream().read() >= 0) {}
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var client : clients) {
      client.close();
    }
  }
}
