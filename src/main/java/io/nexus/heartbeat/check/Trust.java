package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.net.TlsSettings.Verify;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.Secrets;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed: what the author says, with the CA out of its Secret. */
final class Trust {
  private Trust() {}

  static TlsSettings of(@Nullable Tls tls, Secrets secrets) throws SecretUnavailable {
    return tls == null
        ? TlsSettings.DEFAULT
        : new TlsSettings(
            ca(tls.caFrom(), secrets),
            tls.serverName(),
            tls.insecureSkipVerify() ? Verify.NOTHING : Verify.FULL);
  }

  static TlsSettings.@Nullable Ca ca(@Nullable ValueFrom from, Secrets secrets)
      throws SecretUnavailable {
    return from == null
        ? null
        : new TlsSettings.Ca(secrets.read(from, "").text(), Words.nameOf(from));
  }
}
