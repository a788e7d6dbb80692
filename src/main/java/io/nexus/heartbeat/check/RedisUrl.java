package io.nexus.heartbeat.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * {@code redis://host:6379/0}, {@code redis-sentinel://s1:26379,s2:26379/0#mymaster} or {@code
 * redis-cluster://n1:6379,n2:6379}; {@code rediss} for TLS.
 *
 * @param master its name, as the sentinels know it; empty where there are none
 */
record RedisUrl(Form form, boolean tls, List<RedisAddress> servers, int database, String master) {

  enum Form {
    SERVER("redis://host:6379/0", 6379),
    SENTINEL("redis-sentinel://sentinel-1:26379,sentinel-2:26379/0#mymaster", 26379),
    CLUSTER("redis-cluster://node-1:6379,node-2:6379", 6379);

    private final String right;
    private final int port;

    Form(String right, int port) {
      this.right = right;
      this.port = port;
    }
  }

  private static final int MOST_SERVERS = 16;

  private static final Pattern URL =
      Pattern.compile("(rediss?)(-sentinel|-cluster)?://([^/?#]*)(/[^?#]*)?([?][^#]*)?(?:#(.*))?");

  /** The url is never repeated in a message: it may hold a password. */
  static RedisUrl parse(String text) throws BadAddress {
    if (!text.matches("[^\\s:/]+://[^\\s]+")) {
      throw new BadAddress("url is not a url: write redis://host:6379/0");
    }
    if (text.contains("@")) {
      throw new BadAddress("url holds credentials: use username and passwordFrom");
    }
    var url = URL.matcher(text);
    if (!url.matches()) {
      throw new BadAddress(
          "url must begin with redis:// or, for TLS, rediss://; with redis-sentinel:// or"
              + " redis-cluster:// it names several servers");
    }
    var form = form(url.group(2));
    var master = Objects.requireNonNullElse(url.group(6), "");
    if (url.group(5) != null || (form != Form.SENTINEL && url.group(6) != null)) {
      throw new BadAddress("url takes no parameters: write " + form.right);
    }
    if (form == Form.SENTINEL && !master.matches("[A-Za-z0-9._-]{1,253}")) {
      throw new BadAddress("url does not end with the name of a master: write " + form.right);
    }
    var database = database(Objects.requireNonNullElse(url.group(4), ""));
    if (form == Form.CLUSTER && database != 0) {
      throw new BadAddress("a cluster has only the database 0: write " + form.right);
    }
    var tls = url.group(1).equals("rediss");
    return new RedisUrl(form, tls, servers(form, url.group(3)), database, master);
  }

  private static Form form(String suffix) {
    return switch (suffix) {
      case "-sentinel" -> Form.SENTINEL;
      case "-cluster" -> Form.CLUSTER;
      case null, default -> Form.SERVER;
    };
  }

  private static List<RedisAddress> servers(Form form, String authority) throws BadAddress {
    var places = authority.split(",", -1);
    if (form == Form.SERVER && places.length > 1) {
      throw new BadAddress(
          "url names no single host: write redis://host:6379/0; several are "
              + Form.SENTINEL.right
              + " or "
              + Form.CLUSTER.right);
    }
    if (places.length > MOST_SERVERS) {
      throw new BadAddress("url names more than " + MOST_SERVERS + " servers");
    }
    var servers = new ArrayList<RedisAddress>();
    for (var place : places) {
      servers.add(RedisAddress.parse(place, form.port));
    }
    return servers.stream().distinct().toList();
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
