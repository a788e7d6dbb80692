package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code postgresql://user:password@host:5432/database?sslmode=verify-full}, as libpq writes it.
 *
 * <p>Parsed here and not by the driver, whose properties load classes and write files. One host:
 * what a monitor says must be about one server. No message repeats any part of the url that might
 * be a password in the wrong place.
 */
record PostgresUrl(
    String host,
    int port,
    @Nullable String database,
    @Nullable String user,
    @Nullable String password,
    @Nullable SslMode mode,
    String applicationName,
    Role role) {
  static final int DEFAULT_PORT = 5432;
  static final String APPLICATION = "heartbeat";

  private static final String FORM = "write postgresql://user@host:5432/database";
  private static final Set<String> ALLOWED =
      Set.of("sslmode", "application_name", "connect_timeout", "target_session_attrs");

  /** What target_session_attrs asks the server to be. */
  enum Role {
    ANY,
    PRIMARY,
    REPLICA
  }

  static PostgresUrl parse(String text) throws BadAddress {
    var scheme = text.indexOf("://");
    if (scheme < 0 || !Set.of("postgresql", "postgres").contains(text.substring(0, scheme))) {
      throw new BadAddress("url must begin with postgresql://; " + FORM);
    }
    var rest = text.substring(scheme + 3);
    if (rest.indexOf('#') >= 0) {
      throw new BadAddress("url holds a #; percent-encode it as %23");
    }
    var question = rest.indexOf('?');
    var parameters = parameters(question < 0 ? "" : rest.substring(question + 1));
    rest = question < 0 ? rest : rest.substring(0, question);
    var slash = rest.indexOf('/');
    var authority = slash < 0 ? rest : rest.substring(0, slash);
    var database = slash < 0 ? "" : decoded(rest.substring(slash + 1), "database");
    var at = authority.lastIndexOf('@');
    var login = at < 0 ? "" : authority.substring(0, at);
    var colon = login.indexOf(':');
    var user = decoded(colon < 0 ? login : login.substring(0, colon), "user");
    var password = colon < 0 ? "" : decoded(login.substring(colon + 1), "password");
    var place = authority.substring(at + 1);
    var bracket = place.lastIndexOf(']');
    var port = place.indexOf(':', Math.max(0, bracket));
    return new PostgresUrl(
        host(port < 0 ? place : place.substring(0, port)),
        port < 0 || port == place.length() - 1 ? DEFAULT_PORT : port(place.substring(port + 1)),
        database.isEmpty() ? null : database,
        user.isEmpty() ? null : user,
        password.isEmpty() ? null : password,
        mode(parameters.get("sslmode")),
        parameters.getOrDefault("application_name", APPLICATION),
        role(parameters.getOrDefault("target_session_attrs", "any")));
  }

  static String host(String host) throws BadAddress {
    if (host.contains(",")) {
      throw new BadAddress("several hosts: watch each by a target of its own");
    }
    if (host.isEmpty()
        || host.startsWith("/")
        || host.toLowerCase(java.util.Locale.ROOT).startsWith("%2f")) {
      throw new BadAddress("no host; unix sockets are not supported: " + FORM);
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (!host.matches("[0-9a-fA-F:.]+")) {
        throw new BadAddress("the address in brackets is not IPv6");
      }
      return host;
    }
    if (!host.matches("[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}")) {
      throw new BadAddress("the host is not a name or address: " + FORM);
    }
    return host;
  }

  private static int port(String text) throws BadAddress {
    var port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      throw new BadAddress(
          "the port must be 1 to 65535 (percent-encode what is special in a password)");
    }
    return port;
  }

  private static Map<String, String> parameters(String query) throws BadAddress {
    var parameters = new HashMap<String, String>();
    for (var pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      var name = equals < 0 ? pair : pair.substring(0, equals);
      // Compared as written: an encoded name is no allowed name.
      if (!ALLOWED.contains(name)) {
        throw new BadAddress(
            "url has a parameter that is not allowed; allowed are "
                + String.join(", ", ALLOWED.stream().sorted().toList()));
      }
      if (parameters.put(name, decoded(pair.substring(equals + 1), name)) != null) {
        throw new BadAddress("url has " + name + " twice");
      }
    }
    // Otherwise ignored: the check's own deadline is the bound, and it is not lengthened.
    if (!parameters.getOrDefault("connect_timeout", "0").matches("[0-9]{1,9}")) {
      throw new BadAddress("connect_timeout must be a number of seconds");
    }
    return parameters;
  }

  private static @Nullable SslMode mode(@Nullable String sslmode) throws BadAddress {
    return switch (sslmode) {
      case null -> null;
      case "disable" -> SslMode.Disable;
      // 'allow' encrypts only when made to, 'prefer' whenever it can.
      case "allow", "prefer" -> SslMode.Prefer;
      case "require" -> SslMode.Require;
      case "verify-ca" -> SslMode.VerifyCA;
      case "verify-full" -> SslMode.VerifyFull;
      default ->
          throw new BadAddress(
              "sslmode must be disable, allow, prefer, require, verify-ca or verify-full");
    };
  }

  private static Role role(String attributes) throws BadAddress {
    return switch (attributes) {
      case "any", "prefer-standby" -> Role.ANY;
      case "primary", "read-write" -> Role.PRIMARY;
      case "standby", "read-only" -> Role.REPLICA;
      default ->
          throw new BadAddress(
              "target_session_attrs must be any, read-write, read-only, primary, standby or"
                  + " prefer-standby");
    };
  }

  private static String decoded(String text, String what) throws BadAddress {
    try {
      // A plus is a plus: only HTML forms write a space so.
      var plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (plain.chars().anyMatch(Character::isISOControl)) {
        throw new BadAddress("the url's " + what + " holds a control character");
      }
      return plain;
    } catch (IllegalArgumentException _) {
      throw new BadAddress("the url's " + what + " has a % that encodes nothing; write %25");
    }
  }

  @Override
  public String toString() {
    return "postgresql://" + host + ":" + port;
  }
}
