package io.nexus.heartbeat.net.ws;

import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Header;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What opens a WebSocket (RFC 6455, 4).
 *
 * @param key ours, which the server must have read
 */
record Handshake(String key, @Nullable String subprotocol) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String OURS = "sec-websocket-";

  static Handshake begin(@Nullable String subprotocol) {
    return new Handshake(Base64.getEncoder().encodeToString(Frames.random(16)), subprotocol);
  }

  /**
   * @throws Misconfigured a header of the handshake is set already
   */
  Request onto(Request request) throws Misconfigured {
    for (var header : request.headers()) {
      if (header.name().toLowerCase(Locale.ROOT).startsWith(OURS)) {
        throw new Misconfigured(
            "header " + header.name() + " is set by Heartbeat itself; leave it out");
      }
    }
    var asked = request.with("Sec-WebSocket-Version", "13").with("Sec-WebSocket-Key", key);
    return subprotocol == null ? asked : asked.with("Sec-WebSocket-Protocol", subprotocol);
  }

  /**
   * @throws ProtocolFailure it switched, but not to our WebSocket
   */
  void verify(Response response) throws ProtocolFailure {
    if (tokens(response, "Upgrade").noneMatch("websocket"::equalsIgnoreCase)
        || tokens(response, "Connection").noneMatch("upgrade"::equalsIgnoreCase)) {
      throw new ProtocolFailure("switches to another protocol than WebSocket");
    }
    if (!values(response, "Sec-WebSocket-Accept").equals(List.of(accept(key)))) {
      throw new ProtocolFailure("answered the WebSocket handshake with a wrong key");
    }
    if (!values(response, "Sec-WebSocket-Extensions").isEmpty()) {
      throw new ProtocolFailure("uses a WebSocket extension that was not asked for");
    }
    var agreed = values(response, "Sec-WebSocket-Protocol");
    if (subprotocol == null && !agreed.isEmpty()) {
      throw new ProtocolFailure(
          "speaks subprotocol "
              + Plain.text(agreed.getFirst(), 60)
              + ", which was not asked for; set subprotocol");
    }
    if (subprotocol != null && !agreed.equals(List.of(subprotocol))) {
      throw new ProtocolFailure("does not agree to subprotocol " + subprotocol);
    }
  }

  static String accept(String key) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static List<String> values(Response response, String name) {
    return response.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  private static Stream<String> tokens(Response response, String name) {
    return values(response, name).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip);
  }
}
