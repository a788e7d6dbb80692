package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request as bytes, all of it, so that it leaves in one write. */
final class Outgoing {
  /** Framing and the connection are ours. */
  private static final Set<String> OURS =
      Set.of(
          "connection",
          "content-length",
          "transfer-encoding",
          "accept-encoding",
          "upgrade",
          "expect",
          "te",
          "trailer");

  private Outgoing() {}

  /**
   * @param upgrade the protocol to go on in, when it is another one
   */
  static byte[] of(Request request, Authority authority, String userAgent, @Nullable String upgrade)
      throws Misconfigured {
    var uri = request.uri();
    var method = request.method();
    if (!isToken(method)) {
      throw new Misconfigured("'" + Plain.text(method, 40) + "' is not an HTTP method");
    }
    var path = uri.getRawPath();
    var head = new StringBuilder(256);
    head.append(method).append(' ').append(path == null || path.isEmpty() ? "/" : encoded(path));
    if (uri.getRawQuery() != null) {
      head.append('?').append(encoded(uri.getRawQuery()));
    }
    head.append(" HTTP/1.1\r\n");
    if (lacks(request, "host")) {
      head.append("Host: ").append(authority.written()).append("\r\n");
    }
    if (lacks(request, "user-agent")) {
      head.append("User-Agent: ").append(userAgent).append("\r\n");
    }
    if (lacks(request, "accept")) {
      head.append("Accept: */*\r\n");
    }
    for (var header : request.headers()) {
      append(head, header);
    }
    head.append("Accept-Encoding: identity\r\n");
    head.append(
        upgrade == null
            ? "Connection: close\r\n"
            : "Connection: Upgrade\r\nUpgrade: " + upgrade + "\r\n");
    var body = request.body();
    if (body.length > 0
        || method.equals("POST")
        || method.equals("PUT")
        || method.equals("PATCH")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    var first = head.toString().getBytes(StandardCharsets.UTF_8);
    if (body.length == 0) {
      return first;
    }
    var all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return all;
  }

  private static void append(StringBuilder head, Header header) throws Misconfigured {
    if (!isToken(header.name())) {
      throw new Misconfigured("'" + Plain.text(header.name(), 60) + "' is not a header name");
    }
    if (OURS.contains(header.name().toLowerCase(Locale.ROOT))) {
      throw new Misconfigured(
          "header " + header.name() + " is set by Heartbeat itself; leave it out");
    }
    var value = header.value();
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7f) {
        throw new Misconfigured(
            "the value of header " + header.name() + " holds a line break or control character");
      }
    }
    head.append(header.name()).append(": ").append(value).append("\r\n");
  }

  /** java.net.URI leaves characters beyond ASCII as they are. */
  private static String encoded(String part) {
    if (part.chars().allMatch(c -> c < 0x80)) {
      return part;
    }
    var encoded = new StringBuilder(part.length() + 16);
    for (var b : part.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xff));
      }
    }
    return encoded.toString();
  }

  private static boolean lacks(Request request, String name) {
    for (var header : request.headers()) {
      if (header.name().equalsIgnoreCase(name)) {
        return false;
      }
    }
    return true;
  }

  /** RFC 9110, 5.6.2. */
  static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    c >= '0' && c <= '9'
                        || c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }
}
