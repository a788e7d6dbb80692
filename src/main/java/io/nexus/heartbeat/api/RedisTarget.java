package io.nexus.heartbeat.api;

import org.jspecify.annotations.Nullable;

/**
 * A Redis or Valkey server.
 *
 * @param url {@code redis://host:6379/0}, {@code rediss://} for TLS; without a password
 * @param username the ACL user; absent: {@code default}
 */
public record RedisTarget(
    String url, @Nullable String username, @Nullable ValueFrom passwordFrom, @Nullable Tls tls)
    implements TargetKind {}
