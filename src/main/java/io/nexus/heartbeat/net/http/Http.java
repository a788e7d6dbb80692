package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Tls;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/1.1 client for probes and deliveries: a connection for each request, blocking, to be
 * called on a virtual thread. One for the process.
 */
public final class Http {
  private final Tls tls;
  private final String userAgent;

  /**
   * @param version ours, for User-Agent
   */
  public Http(Tls tls, String version) {
    this.tls = tls;
    this.userAgent = "heartbeat/" + version;
  }

  /**
   * Sends one request and reads its answer, following no redirect.
   *
   * @throws io.nexus.heartbeat.net.ProtocolFailure the answer is not HTTP, or breaks off
   * @throws Misconfigured the request cannot be sent as it is
   * @throws IOException as {@link Dialer#connect}; {@link io.nexus.heartbeat.net.Fault} has words
   */
  public Response send(Request request, Dialer dialer, Deadline deadline) throws IOException {
    var begun = System.nanoTime();
    var authority = Authority.of(request.uri());
    var bytes = Outgoing.of(request, authority, userAgent);
    var via = request.via();
    try (var connected =
            via == null
                ? dialer.connect(authority.host(), authority.port(), deadline)
                : dialer.connect(via.address(), via.port(), deadline);
        var socket =
            authority.https() ? secured(connected, request, authority, deadline) : connected) {
      var ends = ends(socket);
      send(socket, bytes);
      var answer = new Answer(socket.getInputStream());
      var head = answer.head(request.method().equals("HEAD"));
      var body = answer.body(head, request.maxBody());
      return new Response(
          head.status(),
          head.reason(),
          head.headers(),
          body.bytes(),
          body.truncated(),
          Duration.ofNanos(answer.firstByteAt() - begun),
          Duration.ofNanos(System.nanoTime() - begun),
          ends);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      // In TLS 1.3 the server refuses us only after our side of the handshake is done.
      throw deadline.remaining().isZero() ? deadline.timedOut() : Tls.inWords(e);
    }
  }

  private Socket secured(Socket connected, Request request, Authority authority, Deadline deadline)
      throws IOException {
    return tls.over(connected, authority.host(), authority.port(), request.tls(), deadline);
  }

  private static Optional<Instant> ends(Socket socket) throws IOException {
    return socket instanceof SSLSocket secure
        ? Optional.of(Tls.leaf(secure).getNotAfter().toInstant())
        : Optional.empty();
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException _) {
      // It may have answered and closed before it read all: then the answer tells more, and if
      // there is none, reading says so.
    }
  }
}
