package io.nexus.heartbeat.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server's key and the certificates it shows, its own first. */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Nobody vouches for it but itself. */
  public static Identity selfSigned(String name) {
    return CertificateAuthority.selfSigned(name);
  }

  public Instant ends() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  public byte[] pem() {
    return pem(chain.getFirst());
  }

  public byte[] keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  static byte[] pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] pem(String what, byte[] der) {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A port of loopback that speaks TLS as this identity, in these versions or the usual ones. */
  public ServerSocket listen(String... protocols) {
    return listen(InetAddress.getLoopbackAddress(), protocols);
  }

  /** The same of another address. */
  public ServerSocket listen(InetAddress address, String... protocols) {
    try {
      var listening = context().getServerSocketFactory().createServerSocket(0, 50, address);
      if (protocols.length > 0 && listening instanceof SSLServerSocket secure) {
        secure.setEnabledProtocols(protocols);
      }
      return listening;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The server's side of TLS, begun on a connection that was plain until now. */
  public SSLSocket over(Socket plain) throws IOException {
    var socket =
        (SSLSocket)
            context().getSocketFactory().createSocket(plain, null, plain.getLocalPort(), true);
    socket.setUseClientMode(false);
    return socket;
  }

  private SSLContext context() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, PASSWORD, chain.toArray(X509Certificate[]::new));
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
