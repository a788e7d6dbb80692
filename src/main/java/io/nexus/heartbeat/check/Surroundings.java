package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Secrets;

/** What the checks of one monitor reach the world by. */
public record Surroundings(
    Dialer dialer,
    Secrets secrets,
    Endpoints endpoints,
    WorkloadStates workloads,
    Clients clients) {

  /** Where there are no workloads. */
  public Surroundings(Dialer dialer, Secrets secrets, Endpoints endpoints, Clients clients) {
    this(dialer, secrets, endpoints, WorkloadStates.NONE, clients);
  }
}
