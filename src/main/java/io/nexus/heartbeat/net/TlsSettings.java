package io.nexus.heartbeat.net;

import org.jspecify.annotations.Nullable;

/**
 * How a TLS peer is to be trusted.
 *
 * @param ca trusted instead of the system's
 * @param serverName for SNI and the certificate, when it is not the host's
 * @param protocol to be agreed to (ALPN, RFC 7301), such as "h2"
 */
public record TlsSettings(
    @Nullable Ca ca, @Nullable String serverName, Verify verify, @Nullable String protocol) {
  public static final TlsSettings DEFAULT = new TlsSettings(null, null, Verify.FULL);
  public static final TlsSettings ANY_PEER = new TlsSettings(null, null, Verify.NOTHING);

  public TlsSettings(@Nullable Ca ca, @Nullable String serverName, Verify verify) {
    this(ca, serverName, verify, null);
  }

  public TlsSettings agreeing(String to) {
    return new TlsSettings(ca, serverName, verify, to);
  }

  /**
   * @param pem certificates
   * @param source where they are from, for messages
   */
  public record Ca(String pem, String source) {}

  /** What is looked at in the peer's certificate. */
  public enum Verify {
    /** Who signed it, until when, and for which name. */
    FULL,
    /** Who signed it and until when; for any name. */
    AUTHORITY,
    /** Any certificate will do. */
    NOTHING
  }

  boolean verifies() {
    return verify != Verify.NOTHING;
  }
}
