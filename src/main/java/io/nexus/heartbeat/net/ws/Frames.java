package io.nexus.heartbeat.net.ws;

import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Frames (RFC 6455, 5.2) of one connection, within the caps of one check. */
final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  static final long MOST_BYTES = 16L * 1024 * 1024;
  static final int MOST_FRAMES = 10_000;
  private static final int MOST_CONTROL = 125;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Connection connection;
  private final byte[] buffer = new byte[8192];
  private int at;
  private int end;
  private long bytesLeft = MOST_BYTES;
  private int framesLeft = MOST_FRAMES;

  Frames(Connection connection) {
    this.connection = connection;
  }

  /** What comes before a payload. */
  record Head(boolean last, int opcode, long length) {
    boolean isControl() {
      return opcode >= CLOSE;
    }
  }

  /** Takes a part of a payload. */
  @FunctionalInterface
  interface Part {
    void take(byte[] bytes, int from, int length) throws IOException;
  }

  /** Waits for a frame; its payload is to be read before the next. */
  Head head() throws IOException {
    if (at == end && !fill()) {
      throw new ProtocolFailure("closed the connection without a close frame");
    }
    if (framesLeft == 0) {
      throw new ProtocolFailure("sent more than " + MOST_FRAMES + " frames");
    }
    framesLeft--;
    var first = octet();
    var second = octet();
    if ((first & 0x70) != 0) {
      throw new ProtocolFailure("sent what is no WebSocket frame, or of an unknown extension");
    }
    if ((second & 0x80) != 0) {
      throw new ProtocolFailure("masked a frame, which only a client does");
    }
    var head = new Head((first & 0x80) != 0, first & 0x0f, length(second & 0x7f));
    if (head.opcode() > PONG || head.opcode() > BINARY && head.opcode() < CLOSE) {
      throw new ProtocolFailure("sent a frame of unknown kind " + head.opcode());
    }
    if (head.isControl() && (head.length() > MOST_CONTROL || !head.last())) {
      throw new ProtocolFailure("sent a control frame that is too long or in parts");
    }
    if (head.length() > bytesLeft) {
      throw new ProtocolFailure(
          "announced a frame of "
              + head.length()
              + " bytes; Heartbeat reads at most "
              + MOST_BYTES / 1024 / 1024
              + " MiB in one check");
    }
    bytesLeft -= head.length();
    return head;
  }

  private long length(int written) throws IOException {
    if (written < 126) {
      return written;
    }
    var octets = written == 126 ? 2 : 8;
    var length = 0L;
    for (var i = 0; i < octets; i++) {
      length = length << 8 | octet();
    }
    if (length < 0 || length < (octets == 2 ? 126 : 0x10000)) {
      throw new ProtocolFailure("sent a malformed frame length");
    }
    return length;
  }

  void payload(Head head, Part part) throws IOException {
    for (var left = head.length(); left > 0; ) {
      if (at == end && !fill()) {
        throw brokenOff();
      }
      var length = (int) Math.min(left, end - at);
      part.take(buffer, at, length);
      at += length;
      left -= length;
    }
  }

  /** Of a control frame, whose length is bounded. */
  byte[] payload(Head head) throws IOException {
    var payload = ByteBuffer.allocate((int) head.length());
    payload(head, payload::put);
    return payload.array();
  }

  /** One frame, whole and masked, in one write. */
  void send(int opcode, byte[] payload) throws IOException {
    var frame = ByteBuffer.allocate(payload.length + 14).put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 0x10000) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    // RFC 6455, 5.3: not to be foreseen, so that nobody writes HTTP through us.
    var mask = random(4);
    frame.put(mask);
    for (var i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ mask[i % 4]));
    }
    var bytes = new byte[frame.flip().remaining()];
    frame.get(bytes);
    connection.send(bytes);
  }

  static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private int octet() throws IOException {
    if (at == end && !fill()) {
      throw brokenOff();
    }
    return buffer[at++] & 0xff;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, connection.read(buffer, 0, buffer.length));
    return end > 0;
  }

  private static ProtocolFailure brokenOff() {
    return new ProtocolFailure("closed the connection in the middle of a frame");
  }
}
