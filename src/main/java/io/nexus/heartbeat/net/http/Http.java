package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Tls;
import java.io.IOException;
import java.io.OutputStream;
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
  private static final int MOST_OF_A_REFUSAL = 4096;

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
    return send(request, dialer, deadline, (head, answer) -> answer.body(head, request.maxBody()));
  }

  /**
   * The same, but the body of a 200 is passed on as it comes, and not kept: for what is long.
   *
   * @param into whose failures are thrown as they are
   */
  public Response send(Request request, OutputStream into, Dialer dialer, Deadline deadline)
      throws IOException {
    return send(
        request,
        dialer,
        deadline,
        (head, answer) ->
            head.status() == 200
                ? new Answer.Body(new byte[0], answer.passOn(head, request.maxBody(), into))
                : answer.body(head, MOST_OF_A_REFUSAL));
  }

  @FunctionalInterface
  private interface Reader {
    Answer.Body read(Answer.Head head, Answer answer) throws IOException;
  }

  private Response send(Request request, Dialer dialer, Deadline deadline, Reader reader)
      throws IOException {
    var begun = System.nanoTime();
    var authority = Authority.of(request.uri());
    var bytes = Outgoing.of(request, authority, userAgent, null);
    try (var socket = open(request, authority, dialer, deadline)) {
      send(socket, bytes);
      var answer = new Answer(socket.getInputStream(), false);
      var head = answer.head(request.method().equals("HEAD"));
      return response(head, reader.read(head, answer), answer.firstByteAt(), begun, ends(socket));
    } catch (IOException e) {
      throw told(e, deadline);
    }
  }

  /**
   * Asks to go on in another protocol (RFC 9110, 7.8). An answer that does not is given without its
   * body.
   *
   * @param protocol as in the Upgrade header
   * @return with a connection, which is the caller's to close, when the server switches
   * @throws IOException as {@link #send}
   */
  public Upgraded upgrade(Request request, String protocol, Dialer dialer, Deadline deadline)
      throws IOException {
    var begun = System.nanoTime();
    var authority = Authority.of(request.uri());
    var bytes = Outgoing.of(request, authority, userAgent, protocol);
    Socket socket = null;
    var switched = false;
    try {
      socket = open(request, authority, dialer, deadline);
      send(socket, bytes);
      var answer = new Answer(socket.getInputStream(), true);
      var head = answer.head(false);
      var response =
          response(head, answer.body(head, 0), answer.firstByteAt(), begun, ends(socket));
      switched = head.status() == 101;
      return switched
          ? new Upgraded.Switched(response, new Connection(socket, answer.rest(), deadline))
          : new Upgraded.Refused(response);
    } catch (IOException e) {
      throw told(e, deadline);
    } finally {
      if (!switched && socket != null) {
        socket.close();
      }
    }
  }

  /**
   * Opens a connection for another protocol, which over TLS must be agreed to; nothing is sent.
   *
   * @param request of which only the place and the trust matter
   * @param protocol as in ALPN
   * @throws IOException as {@link #send}
   */
  public Connection connect(Request request, String protocol, Dialer dialer, Deadline deadline)
      throws IOException {
    var agreeing = request.with(request.tls().agreeing(protocol));
    var socket = open(agreeing, Authority.of(request.uri()), dialer, deadline);
    return new Connection(socket, new byte[0], deadline);
  }

  private Socket open(Request request, Authority authority, Dialer dialer, Deadline deadline)
      throws IOException {
    var via = request.via();
    var connected =
        via == null
            ? dialer.connect(authority.host(), authority.port(), deadline)
            : dialer.connect(via.address(), via.port(), deadline);
    return authority.https()
        ? tls.over(connected, authority.host(), authority.port(), request.tls(), deadline)
        : connected;
  }

  private static Response response(
      Answer.Head head, Answer.Body body, long firstByteAt, long begun, Optional<Instant> ends) {
    return new Response(
        head.status(),
        head.reason(),
        head.headers(),
        body.bytes(),
        body.truncated(),
        Duration.ofNanos(firstByteAt - begun),
        Duration.ofNanos(System.nanoTime() - begun),
        ends);
  }

  static IOException told(IOException failure, Deadline deadline) {
    if (failure instanceof SocketTimeoutException) {
      return failure;
    }
    // In TLS 1.3 the server refuses us only after our side of the handshake is done.
    return deadline.remaining().isZero() ? deadline.timedOut() : Tls.inWords(failure);
  }

  static Optional<Instant> ends(Socket socket) throws IOException {
    return socket instanceof SSLSocket secure
        ? Optional.of(Tls.leaf(secure).getNotAfter().toInstant())
        : Optional.empty();
  }

  static void send(Socket socket, byte[] bytes) throws IOException {
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
