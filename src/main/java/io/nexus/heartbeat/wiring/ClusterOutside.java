package io.nexus.heartbeat.wiring;

import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Cidr;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Names;
import io.nexus.heartbeat.net.Scope;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.operator.Outside;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.Secrets;
import java.util.List;

/** How an operator reaches what it watches and tells: names as a namespace sees them, vetted. */
public final class ClusterOutside implements Outside {
  private final Machinery machinery;
  private final List<Cidr> allowed;
  private final String clusterDomain;
  private final Names names = Names.ofThisMachine();

  /**
   * @param allowed addresses that are opened although they are refused by rule
   */
  public ClusterOutside(Machinery machinery, List<Cidr> allowed, String clusterDomain) {
    this.machinery = machinery;
    this.allowed = List.copyOf(allowed);
    this.clusterDomain = clusterDomain;
  }

  @Override
  public Dialer dialer(String namespace, AddressPolicy.Own own) {
    return new VettedDialer(
        names, Scope.namespace(namespace, clusterDomain), AddressPolicy.operator(allowed, own));
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
  public Channel channel(String namespace, Receiver receiver, Secrets secrets, Dialer dialer) {
    return machinery.channel(namespace, receiver, secrets, dialer);
  }
}
