package io.nexus.heartbeat.net;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's verification, with the reason for a refusal in words. */
final class WordyTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager jdk;
  private final Clock clock;

  WordyTrust(X509ExtendedTrustManager jdk, Clock clock) {
    this.jdk = jdk;
    this.clock = clock;
  }

  /** Carries the words out of the handshake. */
  static final class Refused extends CertificateException {
    private static final long serialVersionUID = 1;

    Refused(String words, @Nullable CertificateException cause) {
      super(words, cause);
    }
  }

  @FunctionalInterface
  private interface Verification {
    void run() throws CertificateException;
  }

  private void inWords(X509Certificate[] chain, String host, Verification verification)
      throws CertificateException {
    try {
      verification.run();
    } catch (CertificateException e) {
      throw new Refused(TlsWords.ofCertificate(chain, host, e, clock.instant()), e);
    }
    // Of a certificate that is itself among the trusted, the JDK does not ask until when.
    var expiry = TlsWords.expiry(chain[0], clock.instant());
    if (expiry != null) {
      throw new Refused(expiry, null);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    var host = socket instanceof SSLSocket tls ? tls.getHandshakeSession().getPeerHost() : "";
    inWords(chain, host, () -> jdk.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    inWords(chain, engine.getPeerHost(), () -> jdk.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    jdk.checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    jdk.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    jdk.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    jdk.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return jdk.getAcceptedIssuers();
  }
}
