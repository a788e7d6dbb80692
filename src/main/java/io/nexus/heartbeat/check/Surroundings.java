package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Secrets;

/** What the checks of one monitor reach the world by. */
public record Surroundings(
    Dialer dialer,
    Secrets secrets,
    Endpoints endpoints,
    WorkloadStates workloads,
    Pushes pushes,
    Clients clients) {

  /** Where there are no workloads, and nobody listens. */
  public Surroundings(Dialer dialer, Secrets secrets, Endpoints endpoints, Clients clients) {
    this(dialer, secrets, endpoints, WorkloadStates.NONE, Pushes.NONE, clients);
  }

  /** The same where somebody listens. */
  public Surroundings hearing(Pushes heard) {
    return new Surroundings(dialer, secrets, endpoints, workloads, heard, clients);
  }
}
