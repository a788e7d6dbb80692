package io.nexus.heartbeat.net;

import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of the certificates that a server shows count. Many show more than is needed, such as an
 * expired one of an authority's old root, and nobody looks at those.
 */
final class TlsPath {
  private TlsPath() {}

  /**
   * From the server's own up to one that a trusted authority has signed, or as far as it goes. The
   * authority's own is trusted by its key (RFC 5280, 6.1.1) and is not among them.
   */
  static List<X509Certificate> of(Certificate[] shown, X509Certificate[] trusted) {
    var certificates =
        Stream.of(shown)
            .filter(X509Certificate.class::isInstance)
            .map(X509Certificate.class::cast)
            .toList();
    var path = new ArrayList<X509Certificate>(3);
    var next = certificates.isEmpty() ? null : certificates.getFirst();
    while (next != null && !path.contains(next)) {
      path.add(next);
      next = signer(next, List.of(trusted)) == null ? signer(next, certificates) : null;
    }
    return path;
  }

  private static @Nullable X509Certificate signer(
      X509Certificate certificate, List<X509Certificate> candidates) {
    for (var candidate : candidates) {
      if (candidate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
          && signed(certificate, candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean signed(X509Certificate certificate, X509Certificate by) {
    try {
      certificate.verify(by.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
