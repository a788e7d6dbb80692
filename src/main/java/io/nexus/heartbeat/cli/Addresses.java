package io.nexus.heartbeat.cli;

import java.net.InetSocketAddress;

/** Addresses to listen on, as options write them. */
final class Addresses {
  static final int LARGEST_PORT = 65_535;

  private Addresses() {}

  /** {@code 127.0.0.1:8080}, {@code [::1]:8080}, or {@code :8080} for every address. */
  static InetSocketAddress parse(String text, String option) {
    var colon = text.lastIndexOf(':');
    try {
      var port = Integer.parseInt(text.substring(colon + 1));
      if (colon >= 0 && port >= 0 && port <= LARGEST_PORT) {
        var host = text.substring(0, colon).replaceAll("^\\[|]$", "");
        return host.isEmpty() ? new InetSocketAddress(port) : resolved(host, port, option);
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new Failure(
        ExitCode.USAGE,
        option + " " + text + " is not an address; HOST:PORT is right, such as 127.0.0.1:8080");
  }

  private static InetSocketAddress resolved(String host, int port, String option) {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new Failure(ExitCode.USAGE, option + ": there is no host '" + host + "'");
    }
    return address;
  }
}
