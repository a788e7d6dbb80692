package io.nexus.heartbeat.api;

import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server. Exactly one of {@code url}, {@code urlFrom} and {@code host}.
 *
 * @param url {@code postgresql://user@host:5432/database?sslmode=verify-full}, as libpq writes it;
 *     without a password
 * @param urlFrom the same from a Secret, there also with a password
 */
public record PostgresTarget(
    @Nullable String url,
    @Nullable ValueFrom urlFrom,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String database,
    @Nullable String user,
    @Nullable ValueFrom userFrom,
    @Nullable ValueFrom passwordFrom,
    @Nullable PostgresTls tls)
    implements TargetKind {

  /**
   * @param mode libpq's sslmode
   * @param caFrom the CA that signed the server's certificate; absent: the system's
   */
  public record PostgresTls(@Nullable SslMode mode, @Nullable ValueFrom caFrom) {}

  /** libpq's sslmode. */
  public enum SslMode {
    Disable,
    Prefer,
    Require,
    VerifyCA,
    VerifyFull
  }
}
