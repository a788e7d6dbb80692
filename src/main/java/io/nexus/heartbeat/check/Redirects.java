package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Request;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Whether a redirect is followed: only to the same server, or from http to https of the same host,
 * for the headers may be secrets of that host.
 */
final class Redirects {
  private Redirects() {}

  sealed interface Step {}

  record Next(Request request) implements Step {}

  record Refused(String why) implements Step {}

  static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  static Step follow(Request request, int status, String location) {
    Authority from;
    Authority to;
    URI uri;
    try {
      from = Authority.of(request.uri());
      uri = request.uri().resolve(new URI(location));
      to = Authority.of(uri);
    } catch (URISyntaxException | Misconfigured | IllegalArgumentException _) {
      return new Refused(
          "redirects to something that is no http address: " + Plain.text(location, 80));
    }
    if (!from.host().equalsIgnoreCase(to.host())) {
      return refused("another host, " + Plain.text(to.host(), 100));
    }
    if (from.https() && !to.https()) {
      return refused("http, without TLS");
    }
    var upgrade = !from.https() && to.https();
    if (upgrade && request.via() != null) {
      return refused("https, which this endpoint's port is not; set scheme: HTTPS");
    }
    if (!upgrade && from.port() != to.port()) {
      return refused("another port, " + to.port());
    }
    return new Next(request.redirected(method(request.method(), status), uri));
  }

  private static Refused refused(String where) {
    return new Refused("redirects to " + where + ", which is not followed");
  }

  /** RFC 9110, 15.4: 307 and 308 keep the method; for the others every client makes it a GET. */
  private static String method(String method, int status) {
    return status == 307 || status == 308 || method.equals("HEAD") ? method : "GET";
  }
}
