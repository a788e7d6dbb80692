package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.http.Http;
import java.time.Clock;
import java.util.Objects;

/**
 * What the checks of a whole process share, made once and closed at its end.
 *
 * @param http shared so that TLS sessions are resumed
 * @param redis shared so that there is one event loop
 */
public record Clients(Http http, RedisClients redis) implements AutoCloseable {

  public static Clients create() {
    var version = Clients.class.getPackage().getImplementationVersion();
    return new Clients(
        new Http(new Tls(Clock.systemUTC()), Objects.requireNonNullElse(version, "unreleased")),
        new RedisClients());
  }

  @Override
  public void close() {
    redis.close();
  }
}
