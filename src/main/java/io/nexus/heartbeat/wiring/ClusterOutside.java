package io.nexus.heartbeat.wiring;

import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Names;
import io.nexus.heartbeat.net.Scope;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.operator.Outside;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.Secrets;

/** How an operator reaches what it watches and tells: names as a namespace sees them, vetted. */
public final class ClusterOutside implements Outside {
  private final Machinery machinery;
  private final AddressPolicy policy;
  private final String clusterDomain;
  private final Names names = Names.ofThisMachine();

  public ClusterOutside(Machinery machinery, AddressPolicy policy, String clusterDomain) {
    this.machinery = machinery;
    this.policy = policy;
    this.clusterDomain = clusterDomain;
  }

  @Override
  public Dialer dialer(String namespace) {
    return new VettedDialer(names, Scope.namespace(namespace, clusterDomain), policy);
  }

  @Override
  public Clients clients() {
    return machinery.clients();
  }

  @Override
  public Mask mask() {
    return machinery.mask();
  }

  @Override
  public Channel channel(String namespace, Receiver receiver, Secrets secrets) {
    return machinery.channel(namespace, receiver, secrets, dialer(namespace));
  }
}
