package io.nexus.heartbeat.net.ws;

import io.nexus.heartbeat.net.ProtocolFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A message whose fragments are coming in. */
final class Incoming {
  static final int MOST_KEPT = 64 * 1024;

  private static final byte[] NOTHING = {};

  private final boolean text;
  private final Utf8 utf8 = new Utf8();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
  private boolean truncated;

  Incoming(boolean text) {
    this.text = text;
  }

  void take(byte[] bytes, int from, int length) throws IOException {
    check(bytes, from, length, false);
    var room = Math.min(length, MOST_KEPT - kept.size());
    kept.write(bytes, from, room);
    truncated = truncated || room < length;
  }

  Received.Message whole() throws IOException {
    check(NOTHING, 0, 0, true);
    return new Received.Message(kept.toString(StandardCharsets.UTF_8), truncated);
  }

  private void check(byte[] bytes, int from, int length, boolean last) throws IOException {
    if (text && !utf8.accepts(bytes, from, length, last)) {
      throw new ProtocolFailure("sent a text message that is not UTF-8");
    }
  }
}
