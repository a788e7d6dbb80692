package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/**
 * How a server's certificate is judged.
 *
 * @param caFrom PEM certificates that are trusted instead of the system's.
 * @param serverName The name in SNI and certificate when it is not the host's.
 * @param insecureSkipVerify Any certificate will do. Whoever stands between can then read and forge
 *     all of it.
 */
@Wire
public record Tls(
    @Nullable ValueFrom caFrom,
    @Host @Nullable String serverName,
    @Default("false") boolean insecureSkipVerify) {}
