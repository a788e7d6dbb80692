package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Secrets;

/** What the checks of one monitor reach the world by, and where they are. */
public record Surroundings(
    Dialer dialer, Secrets secrets, Endpoints endpoints, Clients clients, Place place) {

  public Surroundings(Dialer dialer, Secrets secrets, Endpoints endpoints, Clients clients) {
    this(dialer, secrets, endpoints, clients, new Place.Cluster("default"));
  }

  public Surroundings at(Place other) {
    return new Surroundings(dialer, secrets, endpoints, clients, other);
  }
}
