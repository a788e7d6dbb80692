package io.nexus.heartbeat.check;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where one server listens. */
record RedisAddress(String host, int port) {
  private static final Pattern PLACE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^\\[\\]:\\s]+))(?::([0-9]{1,6}))?");

  private static final Pattern HOST = Pattern.compile("[0-9A-Za-z._:%-]{1,253}");

  /**
   * @param text as a URL has it
   * @param usual the port where none is named
   */
  static RedisAddress parse(String text, int usual) throws BadAddress {
    var place = PLACE.matcher(text);
    if (!place.matches()) {
      throw new BadAddress("url names no host: write redis://host:6379/0");
    }
    var port = place.group(3) == null ? usual : Integer.parseInt(place.group(3));
    if (!exists(port)) {
      throw new BadAddress("port " + port + " does not exist: 1 to 65535");
    }
    return new RedisAddress(place.group(1) == null ? place.group(2) : place.group(1), port);
  }

  /** As a server says it of another; empty when that is no address. */
  static Optional<RedisAddress> announced(String host, String port) {
    return HOST.matcher(host).matches()
            && port.matches("[0-9]{1,5}")
            && exists(Integer.parseInt(port))
        ? Optional.of(new RedisAddress(host, Integer.parseInt(port)))
        : Optional.empty();
  }

  private static boolean exists(int port) {
    return port >= 1 && port <= 65535;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
