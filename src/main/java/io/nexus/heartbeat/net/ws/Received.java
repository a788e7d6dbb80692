package io.nexus.heartbeat.net.ws;

import io.nexus.heartbeat.net.ProtocolFailure;
import java.nio.charset.StandardCharsets;

/** What came over a WebSocket. */
public sealed interface Received {

  /**
   * A message, text or not.
   *
   * @param text its first 64 KiB, not yet made plain
   * @param truncated it was longer
   */
  record Message(String text, boolean truncated) implements Received {}

  /** The answer to our ping, or one to none. */
  record Pong(byte[] payload) implements Received {}

  /**
   * The server closed, and says why.
   *
   * @param code RFC 6455, 7.4; 1005 when it said none
   * @param reason as the server put it, not yet made plain
   */
  record Closed(int code, String reason) implements Received {
    private static final int NONE = 1005;

    static Closed of(byte[] payload) throws ProtocolFailure {
      if (payload.length == 0) {
        return new Closed(NONE, "");
      }
      var code = payload.length == 1 ? 0 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
      var known = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014;
      if (!known && (code < 3000 || code > 4999)) {
        throw new ProtocolFailure("sent a malformed close frame");
      }
      if (!new Utf8().accepts(payload, 2, payload.length - 2, true)) {
        throw new ProtocolFailure("sent a close reason that is not UTF-8");
      }
      return new Closed(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    /** Such as "1001 (going away)": the IANA registry's names. */
    public String words() {
      var name =
          switch (code) {
            case 1000 -> "normal closure";
            case 1001 -> "going away";
            case 1002 -> "protocol error";
            case 1003 -> "unsupported data";
            case 1007 -> "invalid payload";
            case 1008 -> "policy violation";
            case 1009 -> "message too big";
            case 1010 -> "extension required";
            case 1011 -> "internal error";
            case 1012 -> "service restart";
            case 1013 -> "try again later";
            case 1014 -> "bad gateway";
            case 3000 -> "unauthorized";
            case 3003 -> "forbidden";
            default -> "";
          };
      return code == NONE ? "no code" : name.isEmpty() ? "" + code : code + " (" + name + ")";
    }
  }
}
