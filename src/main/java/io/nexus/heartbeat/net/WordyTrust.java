package io.nexus.heartbeat.net;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

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

    Refused(String words, CertificateException cause) {
      super(words, cause);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    try {
      jdk.checkServerTrusted(chain, type, socket);
    } catch (CertificateException e) {
      var host = socket instanceof SSLSocket tls ? tls.getHandshakeSession().getPeerHost() : "";
      throw new Refused(TlsWords.ofCertificate(chain, host, e, clock.instant()), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      jdk.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw new Refused(TlsWords.ofCertificate(chain, engine.getPeerHost(), e, clock.instant()), e);
    }
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
