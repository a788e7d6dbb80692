package io.nexus.heartbeat.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A TCP server on loopback that reads a request's head and then does as it is told. */
public final class ScriptedServer implements AutoCloseable {
  /** What happens on one connection. */
  @FunctionalInterface
  public interface Script {
    void run(Socket peer) throws Exception;
  }

  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private final boolean readsRequest;
  private final Thread accepting;

  public ScriptedServer(ServerSocket listening, Script script) {
    this(listening, script, true);
  }

  private ScriptedServer(ServerSocket listening, Script script, boolean readsRequest) {
    this.listening = listening;
    this.readsRequest = readsRequest;
    this.accepting = Thread.ofVirtual().start(() -> accept(script));
  }

  public static ScriptedServer running(Script script) {
    return running(script, true);
  }

  /** Begins at once, whatever comes: for what is no HTTP. */
  public static ScriptedServer unasked(Script script) {
    return running(script, false);
  }

  public static ScriptedServer unasked(ServerSocket listening, Script script) {
    return new ScriptedServer(listening, script, false);
  }

  private static ScriptedServer running(Script script, boolean readsRequest) {
    try {
      return new ScriptedServer(
          new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), script, readsRequest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers each connection with these characters, then closes it. */
  public static ScriptedServer answering(String answer) {
    return running(peer -> write(peer, answer));
  }

  public static void write(Socket peer, String text) throws IOException {
    peer.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    peer.getOutputStream().flush();
  }

  /** Keeps the connection open until the other side, or the test, ends it. */
  public static void hang(Socket peer) throws IOException {
    peer.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
  }

  /** Writes it again and again, with pauses of 20 ms, until the other side closes. */
  public static void drip(Socket peer, String drop) throws IOException {
    drip(peer, drop, 20);
  }

  public static void drip(Socket peer, String drop, int pauseMillis) throws IOException {
    peer.setSoTimeout(pauseMillis);
    while (true) {
      write(peer, drop);
      try {
        while (peer.getInputStream().read() >= 0) {}
        return;
      } catch (SocketTimeoutException _) {
        // the next drop
      }
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** The heads of the requests that came. */
  public List<String> requests() {
    return requests;
  }

  private void accept(Script script) {
    try {
      while (true) {
        var peer = listening.accept();
        open.add(peer);
        Thread.ofVirtual().start(() -> serve(peer, script));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket peer, Script script) {
    try (peer) {
      if (!readsRequest) {
        script.run(peer);
      } else if (head(peer) instanceof String head) {
        requests.add(head);
        script.run(peer);
      }
      // What is unread would make close(2) reset the connection and lose the answer.
      peer.shutdownOutput();
      hang(peer);
    } catch (Exception _) {
      // The client went away, as many tests make it.
    } finally {
      open.remove(peer);
    }
  }

  private static @Nullable String head(Socket peer) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      var c = peer.getInputStream().read();
      if (c < 0) {
        return null;
      }
      head.write(c);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    try {
      accepting
          .join(); // until it is out of accept(), the system takes connections, and resets them
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (var peer : open) {
      peer.close();
    }
  }
}
