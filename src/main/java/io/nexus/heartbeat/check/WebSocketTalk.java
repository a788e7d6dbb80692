package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.WebSocketTarget;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.ws.Received;
import io.nexus.heartbeat.net.ws.WebSocket;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Mask;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said over an open WebSocket, in its order. */
final class WebSocketTalk {
  private static final int MOST_SHOWN = 120;

  private final WebSocketTarget target;
  private final List<String> credentials;
  private final WebSocket socket;
  private final Mask mask;
  private final long begun;
  private final long opened = System.nanoTime();
  private Measurements measured;
  private String awaited = "";
  private String last = "";

  /**
   * @param credentials the Secrets that the handshake carried
   * @param measured of the handshake
   * @param begun when the check began, in nanoseconds
   */
  WebSocketTalk(
      WebSocketTarget target,
      List<String> credentials,
      WebSocket socket,
      Mask mask,
      Measurements measured,
      long begun) {
    this.target = target;
    this.credentials = credentials;
    this.socket = socket;
    this.mask = mask;
    this.measured = measured;
    this.begun = begun;
  }

  Reading held() throws InterruptedException {
    try (socket) {
      var failure = greeted();
      failure = failure == null ? answered() : failure;
      failure = failure == null ? alive() : failure;
      return failure == null ? well() : failure;
    } catch (SocketTimeoutException e) {
      return Faults.reading(
          e, words -> words + (awaited.isEmpty() ? "" : " waiting for " + awaited) + last);
    } catch (IOException e) {
      return Faults.reading(e, mask::apply);
    }
  }

  private @Nullable Reading greeted() throws IOException {
    var wanted = target.expect().contains();
    if (wanted == null) {
      measured = measured.without("firstFrameLatency", "expect.contains is not set");
      return null;
    }
    awaited = "the first message";
    while (true) {
      switch (socket.receive()) {
        case Received.Closed closed -> {
          return ended(closed);
        }
        case Received.Message message -> {
          measured = measured.with("firstFrameLatency", seconds(opened));
          return message.text().contains(wanted)
              ? null
              : new Reading.Down(
                  "the first message does not contain "
                      + quoted(wanted)
                      + (message.truncated() ? " in its first 64 KiB" : "")
                      + ": "
                      + shown(message.text()),
                  measured);
        }
        case Received.Pong _ -> {} // to nothing of ours, which RFC 6455 lets it send
      }
    }
  }

  private @Nullable Reading answered() throws IOException {
    var exchange = target.send();
    if (exchange == null) {
      return null;
    }
    awaited = "an answer that contains " + quoted(exchange.contains());
    socket.send(exchange.text());
    while (true) {
      switch (socket.receive()) {
        case Received.Closed closed -> {
          return ended(closed);
        }
        case Received.Message(var text, _) when text.contains(exchange.contains()) -> {
          last = "";
          return null;
        }
        case Received.Message(var text, _) -> last = "; the last message: " + shown(text);
        case Received.Pong _ -> {} // to nothing of ours
      }
    }
  }

  private @Nullable Reading alive() throws IOException {
    if (!target.ping()) {
      return null;
    }
    awaited = "a pong";
    var ping = socket.ping();
    while (true) {
      switch (socket.receive()) {
        case Received.Closed closed -> {
          return ended(closed);
        }
        case Received.Pong(var payload) when Arrays.equals(payload, ping) -> {
          return null;
        }
        case Received.Pong _, Received.Message _ -> {} // may come at any time
      }
    }
  }

  private Reading well() {
    var took = Duration.ofNanos(System.nanoTime() - begun);
    measured = measured.with("latency", took.toNanos() / 1e9);
    var most = target.expect().maxLatency();
    return most != null && took.compareTo(most) > 0
        ? new Reading.Impaired(
            "took " + Plain.duration(took) + ", more than " + Plain.duration(most), measured, false)
        : new Reading.Up(measured);
  }

  private Reading ended(Received.Closed closed) {
    var reason = shown(closed.reason());
    var words = "closed with " + closed.words() + (reason.isEmpty() ? "" : ": " + reason);
    return switch (closed.code()) {
      // What many servers close with when they do not know us, for a browser never sees a status:
      // the two of IANA's registry, their like in GraphQL over WebSocket, and, where there is no
      // better one, that we broke a rule of theirs. A restart would mend none of them.
      case 1008, 3000, 3003, 4401, 4403 ->
          new Reading.Unknown(
              words
                  + (credentials.isEmpty()
                      ? "; set tokenFrom"
                      : "; is the value of " + String.join(" and ", credentials) + " right?"));
      default -> new Reading.Down(words + "; before " + awaited, measured);
    };
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static String quoted(String text) {
    return "\"" + Plain.text(text, 80) + "\"";
  }

  /** Made plain before it is masked, for invisible characters could tear a token apart. */
  private String shown(String text) {
    return Plain.text(mask.apply(Plain.text(text, Integer.MAX_VALUE)), MOST_SHOWN);
  }
}
