package io.nexus.heartbeat.net.ws;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Connection;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.net.http.Upgraded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one WebSocket (RFC 6455), blocking, to be used by one thread. What a server
 * may send in all is bounded: 16 MiB in 10,000 frames.
 */
public final class WebSocket implements AutoCloseable {
  /** How long a server may take to close its side, before ours just ends. */
  private static final Duration GRACE = Duration.ofMillis(200);

  private static final int NORMAL = 1000;

  private final Connection connection;
  private final Frames frames;
  private @Nullable Incoming incoming;
  private boolean over;

  private WebSocket(Connection connection) {
    this.connection = connection;
    this.frames = new Frames(connection);
  }

  /** What came of the handshake. */
  public sealed interface Opening {
    Response response();

    /** Answered in plain HTTP. */
    record Refused(Response response) implements Opening {}

    record Opened(Response response, WebSocket socket) implements Opening {}
  }

  /**
   * Shakes hands.
   *
   * @param request a GET to http:// for ws://, https:// for wss://
   * @throws ProtocolFailure it switched, but not as RFC 6455 says
   * @throws IOException as {@link Http#send}
   */
  public static Opening open(
      Http http, Request request, @Nullable String subprotocol, Dialer dialer, Deadline deadline)
      throws IOException {
    var handshake = Handshake.begin(subprotocol);
    switch (http.upgrade(handshake.onto(request), "websocket", dialer, deadline)) {
      case Upgraded.Refused(var response) -> {
        return new Opening.Refused(response);
      }
      case Upgraded.Switched(var response, var connection) -> {
        try {
          handshake.verify(response);
          return new Opening.Opened(response, new WebSocket(connection));
        } catch (ProtocolFailure e) {
          connection.close();
          throw e;
        }
      }
    }
  }

  /**
   * Waits for what comes next; pings are answered on the way.
   *
   * @throws ProtocolFailure what came is not WebSocket, is too much, or broke off
   */
  public Received receive() throws IOException {
    var before = over;
    over = true; // unless it goes on
    while (true) {
      var head = frames.head();
      switch (head.opcode()) {
        case Frames.PING -> frames.send(Frames.PONG, frames.payload(head));
        case Frames.PONG -> {
          over = before;
          return new Received.Pong(frames.payload(head));
        }
        case Frames.CLOSE -> {
          var payload = frames.payload(head);
          var why = Received.Closed.of(payload);
          frames.send(Frames.CLOSE, Arrays.copyOf(payload, Math.min(2, payload.length)));
          return why;
        }
        default -> {
          var message = part(head);
          if (message != null) {
            over = before;
            return message;
          }
        }
      }
    }
  }

  private Received.@Nullable Message part(Frames.Head head) throws IOException {
    if ((head.opcode() == Frames.CONTINUATION) != (incoming != null)) {
      throw new ProtocolFailure("sent the parts of a message out of order");
    }
    var message = incoming == null ? new Incoming(head.opcode() == Frames.TEXT) : incoming;
    frames.payload(head, message::take);
    incoming = head.last() ? null : message;
    return head.last() ? message.whole() : null;
  }

  /** Sends one text message. */
  public void send(String text) throws IOException {
    frames.send(Frames.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a ping, and says what its pong must hold. */
  public byte[] ping() throws IOException {
    var payload = Frames.random(8);
    frames.send(Frames.PING, payload);
    return payload;
  }

  /** Says goodbye, and gives the server a moment to close first, as RFC 6455, 7.1.1 wants it. */
  @Override
  public void close() {
    if (over) {
      end();
      return;
    }
    var impatient = Thread.ofVirtual().name("heartbeat-websocket-close").start(this::endAfterGrace);
    try {
      frames.send(Frames.CLOSE, new byte[] {(byte) (NORMAL >> 8), (byte) NORMAL});
      while (!(receive() instanceof Received.Closed)) {
        // What was under way is of no interest any more.
      }
    } catch (IOException _) {
      // All that was asked for is answered; how the connection ends changes nothing.
    } finally {
      end();
      impatient.interrupt();
    }
  }

  private void endAfterGrace() {
    try {
      Thread.sleep(GRACE);
      end();
    } catch (InterruptedException _) {
      // It has ended.
    }
  }

  private void end() {
    try {
      connection.close();
    } catch (IOException _) {
      // It is given up all the same.
    }
  }
}
