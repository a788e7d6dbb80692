package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.Misconfigured;
import java.net.URI;

/**
 * Host and port of an http or https URI, brackets of an IPv6 address removed.
 *
 * @param written as in the URI, for the Host header
 */
public record Authority(boolean https, String host, int port, String written) {

  /** The port of https that nobody writes (RFC 9110, 4.2.2). */
  public static final int HTTPS = 443;

  /**
   * @throws Misconfigured saying what is wrong with it
   */
  public static Authority of(URI uri) throws Misconfigured {
    var https = "https".equalsIgnoreCase(uri.getScheme());
    if (!https && !"http".equalsIgnoreCase(uri.getScheme())) {
      throw new Misconfigured("the url must begin with http:// or https://");
    }
    // Not getHost(): it knows no host with an underscore, which Compose and Docker give out.
    var written = uri.getRawAuthority();
    if (written == null || written.isEmpty()) {
      throw new Misconfigured("the url names no host; http://gateway:8000/health would");
    }
    if (written.indexOf('@') >= 0) {
      throw new Misconfigured(
          "the url holds a user or password; put them into a header with valueFrom");
    }
    var colon = written.lastIndexOf(':');
    var hasPort = colon > written.lastIndexOf(']');
    var host = hasPort ? written.substring(0, colon) : written;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw new Misconfigured("the url names no host; http://gateway:8000/health would");
    }
    return new Authority(
        https,
        host,
        hasPort ? port(written.substring(colon + 1), https) : ordinary(https),
        written);
  }

  private static int ordinary(boolean https) {
    return https ? HTTPS : 80;
  }

  private static int port(String text, boolean https) throws Misconfigured {
    if (text.isEmpty()) {
      return ordinary(https);
    }
    try {
      var port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new Misconfigured("the url's port must be a number from 1 to 65535");
  }
}
