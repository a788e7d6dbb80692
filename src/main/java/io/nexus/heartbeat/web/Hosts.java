package io.nexus.heartbeat.web;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Addresses as people write them. */
final class Hosts {
  private Hosts() {}

  static String text(InetSocketAddress address) {
    var host = address.getHostString();
    var bracketed =
        address.getAddress() instanceof Inet6Address && host.contains(":")
            ? "[" + host + "]"
            : host;
    return bracketed + ":" + address.getPort();
  }
}
