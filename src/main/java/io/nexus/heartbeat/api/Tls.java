package io.nexus.heartbeat.api;

import org.jspecify.annotations.Nullable;

/**
 * @param caFrom PEM certificates that are trusted instead of the system's
 * @param serverName the name in SNI and certificate when it is not the host's
 * @param insecureSkipVerify any certificate will do
 */
public record Tls(
    @Nullable ValueFrom caFrom, @Nullable String serverName, boolean insecureSkipVerify) {}
