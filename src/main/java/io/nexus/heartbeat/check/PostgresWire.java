package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget.SslMode;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.TlsSettings;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;

/**
 * Opens a socket to PostgreSQL, encrypted as the mode says, so that the driver gets a finished
 * connection and has neither a name to look up nor a file of certificates to read.
 */
record PostgresWire(
    Dialer dialer,
    Deadline deadline,
    String host,
    int port,
    SslMode mode,
    TlsSettings settings,
    Tls tls) {

  /** The request code 1234.5679: postgresql.org/docs/current/protocol-message-formats.html. */
  private static final int SSL_REQUEST = 80877103;

  Socket open() throws IOException {
    var socket = dialer.connect(host, port, deadline);
    try {
      return new PostgresSocket(encrypted(socket), deadline);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private Socket encrypted(Socket socket) throws IOException {
    if (mode == SslMode.Disable) {
      return socket;
    }
    var out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(8);
    out.writeInt(SSL_REQUEST);
    out.flush();
    // One byte and no more: what follows in clear text is not to be believed (CVE-2021-23222).
    return switch (socket.getInputStream().read()) {
      case 'S' -> tls.over(socket, host, port, settings, deadline);
      case 'N' -> {
        if (mode != SslMode.Prefer) {
          throw new Misconfigured(
              "the server does not offer TLS: set ssl = on there, or tls.mode: Disable here");
        }
        yield socket;
      }
      case -1 -> throw new EOFException();
      default -> throw new ProtocolFailure("answered something that is not PostgreSQL");
    };
  }
}
