package io.nexus.heartbeat.operator;

import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.Secrets;

/** How the world beyond the API server is reached; wired by the command line. */
public interface Outside {
  /**
   * Names without dots are Services of this namespace.
   *
   * @param own what is refused unless the administrator allows it
   */
  Dialer dialer(String namespace, AddressPolicy.Own own);

  /** Learns every secret that is read. */
  Mask mask();

  /** What all checks share. */
  Clients clients();

  /** For every receiver but {@code events}, of a monitor of this namespace. */
  Channel channel(String namespace, Receiver receiver, Secrets secrets, Dialer dialer);
}
