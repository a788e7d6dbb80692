package io.nexus.heartbeat.check;

import java.net.URI;
import java.net.URISyntaxException;

/** {@code redis://host:6379/0}, {@code rediss://} for TLS. */
record RedisUrl(boolean tls, String host, int port, int database) {
  private static final int DEFAULT_PORT = 6379;

  /** The url is never repeated in a message: it may hold a password. */
  static RedisUrl parse(String text) throws BadAddress {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      throw new BadAddress("url is not a url: write redis://host:6379/0");
    }
    var scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new BadAddress("url must begin with redis:// or, for TLS, rediss://");
    }
    if (uri.getRawUserInfo() != null) {
      throw new BadAddress("url holds credentials: use username and passwordFrom");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new BadAddress("url takes no parameters: write redis://host:6379/0");
    }
    var host = uri.getHost();
    if (host == null) {
      throw new BadAddress("url names no single host: write redis://host:6379/0");
    }
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    var port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
    if (port < 1 || port > 65535) {
      throw new BadAddress("port " + port + " does not exist: 1 to 65535");
    }
    return new RedisUrl(scheme.equals("rediss"), host, port, database(uri.getPath()));
  }

  private static int database(String path) throws BadAddress {
    var number = path.startsWith("/") ? path.substring(1) : path;
    if (number.isEmpty()) {
      return 0;
    }
    if (!number.matches("[0-9]{1,6}")) {
      throw new BadAddress("the url's path must be a database number, such as /0");
    }
    return Integer.parseInt(number);
  }
}
