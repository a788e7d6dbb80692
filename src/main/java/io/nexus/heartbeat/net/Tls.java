package io.nexus.heartbeat.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS over a vetted socket. One for the process: it keeps sessions, so that they are resumed. */
public final class Tls {
  private static final int MOST_CONTEXTS = 64;

  /** Short, because a resumed session shows the certificate of its beginning. */
  private static final int SESSION_SECONDS = 300;

  private final Clock clock;
  private final @Nullable Path authorities;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Trust, Believing> contexts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Trust, Believing> eldest) {
          return size() > MOST_CONTEXTS;
        }
      };

  private record Trust(@Nullable String pem, boolean any) {}

  private record Believing(SSLContext context, X509ExtendedTrustManager whom) {}

  /** Trusts whom this JVM trusts, where nothing else is said. */
  public Tls(Clock clock) {
    this(clock, null);
  }

  /**
   * @param authorities a file of PEM certificates, the system's; null: whom this JVM trusts
   */
  public Tls(Clock clock, @Nullable Path authorities) {
    this.clock = clock;
    this.authorities = authorities;
  }

  /**
   * Shakes hands over a connected socket, which it closes when that fails.
   *
   * @throws ProtocolFailure the peer's certificate or TLS is not as it should be, in words
   * @throws Misconfigured the CA cannot be read
   */
  public SSLSocket over(
      Socket connected, String host, int port, TlsSettings settings, Deadline deadline)
      throws IOException {
    return shake(
        believing(settings, connected).context(), connected, host, port, settings, deadline);
  }

  /**
   * Shakes hands anew, resuming no session, and closes: what the peer shows is what it has now.
   *
   * @return its certificates, from its own up to one that a trusted authority has signed
   * @throws IOException as {@link #over}
   */
  public List<X509Certificate> shown(
      Socket connected, String host, int port, TlsSettings settings, Deadline deadline)
      throws IOException {
    var whom = believing(settings, connected).whom();
    try (var socket = shake(context(whom), connected, host, port, settings, deadline)) {
      return TlsPath.of(socket.getSession().getPeerCertificates(), whom.getAcceptedIssuers());
    }
  }

  private Believing believing(TlsSettings settings, Socket connected) throws IOException {
    try {
      return believing(settings);
    } catch (IOException e) {
      connected.close();
      throw e;
    }
  }

  private SSLSocket shake(
      SSLContext context,
      Socket connected,
      String host,
      int port,
      TlsSettings settings,
      Deadline deadline)
      throws IOException {
    try {
      var asked = settings.serverName();
      var name = undotted(Literals.bare(asked == null || asked.isEmpty() ? host : asked));
      var socket = (SSLSocket) context.getSocketFactory().createSocket(connected, name, port, true);
      var parameters = socket.getSSLParameters();
      name(parameters, name);
      if (settings.verify() == TlsSettings.Verify.FULL) {
        if (Literals.parse(name) == null && parameters.getServerNames().isEmpty()) {
          throw new Misconfigured(
              "'"
                  + Plain.text(name, 100)
                  + "' cannot be the name in a certificate; set tls.serverName");
        }
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      var protocol = settings.protocol();
      if (protocol != null) {
        parameters.setApplicationProtocols(new String[] {protocol});
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      if (protocol != null && !protocol.equals(socket.getApplicationProtocol())) {
        throw new ProtocolFailure("does not agree in TLS to speak " + protocol + " (ALPN)");
      }
      if (settings.verifies()) {
        // A session that is resumed, its certificate is not looked at again by the JDK.
        TlsWords.unexpired(leaf(socket), clock.instant());
      }
      return socket;
    } catch (IOException e) {
      connected.close();
      throw deadline.remaining().isZero() ? deadline.timedOut() : TlsWords.of(e);
    }
  }

  /**
   * Whom to believe, for drivers that shake hands by themselves; what it refuses, it refuses in
   * words that {@link Fault} finds again.
   *
   * @throws Misconfigured the CA cannot be read
   */
  public X509ExtendedTrustManager trust(TlsSettings settings) throws IOException {
    return believing(settings).whom();
  }

  /** Names the peer in SNI: the JDK leaves out names without a dot, such as a Service's. */
  public static void name(SSLParameters parameters, String name) {
    if (Literals.parse(name) == null) {
      parameters.setServerNames(
          serverName(undotted(name)).<List<SNIServerName>>map(List::of).orElse(List.of()));
    }
  }

  /** DNS knows more names than TLS, such as those with an underscore: they go unnamed. */
  private static Optional<SNIServerName> serverName(String name) {
    try {
      return Optional.of(new SNIHostName(name));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** RFC 6066, 3: without a trailing dot. */
  private static String undotted(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** A failure of TLS, in the handshake or after it, in words; any other stays what it is. */
  public static IOException inWords(IOException failure) {
    return TlsWords.of(failure);
  }

  /** The certificate that the peer showed. */
  public static X509Certificate leaf(SSLSocket socket) throws IOException {
    if (socket.getSession().getPeerCertificates()[0] instanceof X509Certificate leaf) {
      return leaf;
    }
    throw new ProtocolFailure("showed a certificate that is not X.509");
  }

  private Believing believing(TlsSettings settings) throws IOException {
    var ca = settings.verifies() ? settings.ca() : null;
    var trust = new Trust(ca == null ? null : ca.pem(), !settings.verifies());
    lock.lock();
    try {
      var known = contexts.get(trust);
      if (known != null) {
        return known;
      }
      var whom = trust.any() ? new AnyPeer() : verifying(ca);
      var context = context(whom);
      context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
      context.getClientSessionContext().setSessionCacheSize(1000);
      var made = new Believing(context, whom);
      contexts.put(trust, made);
      return made;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    } finally {
      lock.unlock();
    }
  }

  private static SSLContext context(X509ExtendedTrustManager whom) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {whom}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private static SSLException unusable(GeneralSecurityException e) {
    return new SSLException("this JVM has no usable TLS", e);
  }

  private X509ExtendedTrustManager verifying(TlsSettings.@Nullable Ca ca)
      throws IOException, GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(ca == null ? trusted() : store(certificates(ca)));
    for (var manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return new WordyTrust(extended, clock);
      }
    }
    throw new SSLException("this JVM has no X.509 trust manager");
  }

  private @Nullable KeyStore trusted() throws IOException, GeneralSecurityException {
    if (authorities == null) {
      return null;
    }
    try (var pem = Files.newInputStream(authorities)) {
      return store(CertificateFactory.getInstance("X.509").generateCertificates(pem));
    } catch (CertificateException | IOException e) {
      throw new Misconfigured(
          authorities + ", the file of this machine's certificate authorities, cannot be read");
    }
  }

  private static KeyStore store(Collection<? extends Certificate> certificates)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var number = 0;
    for (var certificate : certificates) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    return store;
  }

  /**
   * @throws Misconfigured when there is none, or one is broken
   */
  private static Collection<? extends Certificate> certificates(TlsSettings.Ca ca)
      throws Misconfigured {
    if (!ca.pem().contains("-----BEGIN CERTIFICATE-----")) {
      throw new Misconfigured(
          ca.source()
              + " holds no certificate; PEM that begins with -----BEGIN CERTIFICATE----- would be"
              + " right");
    }
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(
              new ByteArrayInputStream(ca.pem().getBytes(StandardCharsets.US_ASCII)));
    } catch (CertificateException e) {
      throw new Misconfigured(
          ca.source() + " holds broken PEM: a certificate in it cannot be read");
    }
  }
}
