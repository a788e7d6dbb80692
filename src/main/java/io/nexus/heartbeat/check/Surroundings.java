package io.nexus.heartbeat.check;

import static java.util.Objects.requireNonNullElse;

import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.secret.Secrets;
import java.time.Clock;

/**
 * What the checks of one monitor reach the world by.
 *
 * @param http the process' own, so that TLS sessions are resumed
 */
public record Surroundings(Dialer dialer, Secrets secrets, Endpoints endpoints, Http http) {

  /** With an HTTP client of its own. */
  public Surroundings(Dialer dialer, Secrets secrets, Endpoints endpoints) {
    this(
        dialer,
        secrets,
        endpoints,
        new Http(
            new Tls(Clock.systemUTC()),
            requireNonNullElse(
                Surroundings.class.getPackage().getImplementationVersion(), "unreleased")));
  }
}
