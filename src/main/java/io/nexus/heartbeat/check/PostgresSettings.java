package io.nexus.heartbeat.check;

import static java.util.Objects.requireNonNullElse;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PostgresTarget.SslMode;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.net.TlsSettings.Verify;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.Secrets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where to connect and as whom, put together from the target and its Secrets. */
record PostgresSettings(
    String host,
    int port,
    String database,
    String user,
    @Nullable String password,
    SslMode mode,
    TlsSettings tls,
    PostgresUrl url,
    String passwordField) {

  static PostgresSettings of(PostgresTarget target, Secrets secrets)
      throws BadAddress, SecretUnavailable {
    var url = url(target, secrets);
    var userFrom = target.userFrom();
    var user =
        userFrom == null
            ? requireNonNullElse(target.user(), requireNonNullElse(url.user(), ""))
            : secrets.read(userFrom, url.host()).text();
    if (user.isEmpty()) {
      throw new BadAddress("no user: write postgresql://user@host/database, or set user");
    }
    var passwordFrom = target.passwordFrom();
    var password =
        passwordFrom == null ? url.password() : secrets.read(passwordFrom, url.host()).text();
    var tls = target.tls();
    var ca = tls == null ? null : tls.caFrom();
    var asked = tls == null || tls.mode() == null ? url.mode() : tls.mode();
    // Who names a CA wants it checked.
    var mode = asked != null ? asked : ca == null ? SslMode.Prefer : SslMode.VerifyFull;
    return new PostgresSettings(
        url.host(),
        url.port(),
        // As libpq: the user's own database.
        requireNonNullElse(target.database(), requireNonNullElse(url.database(), user)),
        user,
        password,
        mode,
        tls(mode, ca, secrets),
        url,
        passwordFrom == null && target.urlFrom() != null ? "urlFrom" : "passwordFrom");
  }

  private static PostgresUrl url(PostgresTarget target, Secrets secrets)
      throws BadAddress, SecretUnavailable {
    var host = target.host();
    if (host != null) {
      return new PostgresUrl(
          PostgresUrl.host(host),
          requireNonNullElse(target.port(), PostgresUrl.DEFAULT_PORT),
          null,
          null,
          null,
          null,
          PostgresUrl.APPLICATION,
          PostgresUrl.Role.ANY);
    }
    var plain = target.url();
    if (plain != null) {
      var url = PostgresUrl.parse(plain);
      if (url.password() != null) {
        throw new BadAddress("url holds a password: use passwordFrom or urlFrom");
      }
      return url;
    }
    var from = target.urlFrom();
    if (from == null) {
      throw new BadAddress("no address: set url, urlFrom or host");
    }
    try {
      // Only the Secret knows the host, and only the host says whether the Secret may go there.
      var url = PostgresUrl.parse(secrets.read(from, "").text());
      secrets.read(from, url.host());
      return url;
    } catch (BadAddress e) {
      throw new BadAddress(Words.nameOf(from) + ": " + e.getMessage());
    }
  }

  /** As libpq: 'require' checks only when there is a CA to check by. */
  private static TlsSettings tls(SslMode mode, @Nullable ValueFrom ca, Secrets secrets)
      throws SecretUnavailable {
    var verify =
        switch (mode) {
          case Disable, Prefer -> Verify.NOTHING;
          case Require -> ca == null ? Verify.NOTHING : Verify.AUTHORITY;
          case VerifyCA -> Verify.AUTHORITY;
          case VerifyFull -> Verify.FULL;
        };
    return verify == Verify.NOTHING
        ? TlsSettings.ANY_PEER
        : new TlsSettings(Trust.ca(ca, secrets), null, verify);
  }

  List<String> sensitive() {
    return Stream.ofNullable(password).toList();
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
