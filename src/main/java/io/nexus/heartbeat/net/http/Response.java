package io.nexus.heartbeat.net.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was answered.
 *
 * @param reason as the server put it, made plain; may be empty
 * @param truncated the body goes on, but was read no further
 * @param firstByte from the beginning until the answer began, names and TLS included
 * @param total from the beginning until the answer was read
 * @param certificateEnds until when the server's certificate is valid; empty without TLS
 */
public record Response(
    int status,
    String reason,
    List<Header> headers,
    byte[] body,
    boolean truncated,
    Duration firstByte,
    Duration total,
    Optional<Instant> certificateEnds) {

  /** The first of that name, as it came: not yet made plain. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
