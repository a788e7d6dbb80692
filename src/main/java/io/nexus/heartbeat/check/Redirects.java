package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * Whether a redirect is followed: to the same scheme, host and port, and from http to the ordinary
 * https of the same host. That one may be another service, so neither a Secret nor a body goes
 * there: the answer to a request without them would be about something else.
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

  /**
   * @param credentials the Secrets it carries
   */
  static Step follow(Request request, int status, String location, List<String> credentials) {
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
    var next = request.redirected(method(request.method(), status), uri);
    if (from.https() == to.https()) {
      return from.port() == to.port() ? new Next(next) : refused("another port, " + to.port());
    }
    if (request.via() != null) {
      return refused("https, which this endpoint's port is not; set scheme: HTTPS");
    }
    if (to.port() != Authority.HTTPS) {
      return refused("https on another port, " + to.port());
    }
    if (!credentials.isEmpty()) {
      return unsent("the value of " + String.join(" and ", credentials));
    }
    return next.body().length > 0 ? unsent("the body") : new Next(next);
  }

  private static Refused unsent(String what) {
    return new Refused("redirects to https, where " + what + " is not sent; set url to https://");
  }

  private static Refused refused(String where) {
    return new Refused("redirects to " + where + ", which is not followed");
  }

  /** RFC 9110, 15.4: 307 and 308 keep the method; for the others every client makes it a GET. */
  private static String method(String method, int status) {
    return status == 307 || status == 308 || method.equals("HEAD") ? method : "GET";
  }
}
