package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget.SslMode;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

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
    @Nullable X509TrustManager trust) {

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
      case 'S' -> handshake(socket);
      case 'N' -> {
        if (mode != SslMode.Prefer) {
          throw new NoTls();
        }
        yield socket;
      }
      case -1 -> throw new EOFException("closed");
      default -> throw new Words.Oversized("answered something that is not PostgreSQL");
    };
  }

  private Socket handshake(Socket socket) throws IOException {
    var believed = trust == null ? Trust.ANYONE : trust;
    var tls =
        (SSLSocket)
            Trust.context(believed).getSocketFactory().createSocket(socket, host, port, true);
    if (mode == SslMode.VerifyFull) {
      var parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
    }
    tls.startHandshake();
    return tls;
  }

  /** The server has no certificate, but the target asks for encryption. */
  static final class NoTls extends IOException {
    private static final long serialVersionUID = 1;

    NoTls() {
      super("the server does not offer TLS: set ssl = on there, or tls.mode: Disable here");
    }
  }
}
