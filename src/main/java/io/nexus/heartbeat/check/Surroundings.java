package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Secrets;

/** What the checks of one monitor reach the world by, and where they are. */
public record Surroundings(
    Dialer dialer,
    Secrets secrets,
    Endpoints endpoints,
    WorkloadStates workloads,
    PluginJobs plugins,
    Kubelets kubelets,
    Pushes pushes,
    Clients clients,
    Place place) {

  /** Where there is no Kubernetes, and nobody listens. */
  public Surroundings(Dialer dialer, Secrets secrets, Endpoints endpoints, Clients clients) {
    this(
        dialer,
        secrets,
        endpoints,
        WorkloadStates.NONE,
        PluginJobs.NONE,
        Kubelets.NONE,
        Pushes.NONE,
        clients,
        new Place.Cluster("default"));
  }

  public Surroundings at(Place other) {
    return new Surroundings(
        dialer, secrets, endpoints, workloads, plugins, kubelets, pushes, clients, other);
  }

  /** The same where somebody listens. */
  public Surroundings hearing(Pushes heard) {
    return new Surroundings(
        dialer, secrets, endpoints, workloads, plugins, kubelets, heard, clients, place);
  }

  /** The same where kubelets are asked. */
  public Surroundings asking(Kubelets asked) {
    return new Surroundings(
        dialer, secrets, endpoints, workloads, plugins, asked, pushes, clients, place);
  }
}
