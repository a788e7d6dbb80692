package io.nexus.heartbeat.net.grpc;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a call came to.
 *
 * @param headers of answer and trailers together, names in lower case, values not yet made plain
 * @param body gRPC's framing and all
 * @param certificateEnds until when the server's certificate is valid; empty without TLS
 */
public record Reply(Map<String, String> headers, byte[] body, Optional<Instant> certificateEnds) {

  /** The HTTP status; 0 when there is none. */
  public int httpStatus() {
    return number(":status", 0);
  }

  /** The gRPC status; -1 when there is none. */
  public int grpcStatus() {
    return number("grpc-status", -1);
  }

  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  private int number(String name, int otherwise) {
    var text = header(name);
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : otherwise;
  }
}
