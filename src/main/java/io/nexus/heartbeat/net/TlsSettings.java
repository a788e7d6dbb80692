package io.nexus.heartbeat.net;

import org.jspecify.annotations.Nullable;

/**
 * How a TLS peer is to be trusted.
 *
 * @param ca PEM certificates trusted instead of the system's
 * @param serverName for SNI and the certificate, when it is not the host's
 * @param insecureSkipVerify any certificate will do
 */
public record TlsSettings(
    @Nullable String ca, @Nullable String serverName, boolean insecureSkipVerify) {
  public static final TlsSettings DEFAULT = new TlsSettings(null, null, false);
}
