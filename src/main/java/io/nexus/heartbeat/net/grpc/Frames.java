package io.nexus.heartbeat.net.grpc;

import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HTTP/2 frames (RFC 9113, 4) of one connection, within the caps of one call. */
final class Frames {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 0x1; // of DATA and HEADERS
  static final int ACK = 0x1; // of SETTINGS and PING
  static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;

  /** What both sides may send until SETTINGS say more, which ours do not. */
  static final int MOST_PAYLOAD = 16 * 1024;

  static final int MOST_FRAMES = 1000;
  private static final int HEAD = 9;

  private final Connection connection;
  private int framesLeft = MOST_FRAMES;

  Frames(Connection connection) {
    this.connection = connection;
  }

  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** What is between padding and priority (RFC 9113, 6.1 and 6.2). */
    byte[] content() throws ProtocolFailure {
      var from = (has(PADDED) ? 1 : 0) + (type == HEADERS && has(PRIORITY) ? 5 : 0);
      var to = payload.length - (has(PADDED) && payload.length > 0 ? payload[0] & 0xff : 0);
      if (from > to) {
        throw new ProtocolFailure("sent an HTTP/2 frame of padding only");
      }
      return Arrays.copyOfRange(payload, from, to);
    }

    /** The 32 bits at that place, such as an error code; -1 when it is too short. */
    int word(int at) {
      return payload.length < at + 4 ? -1 : ByteBuffer.wrap(payload).getInt(at);
    }
  }

  /** The server's preface, which is a SETTINGS frame (RFC 9113, 3.4). */
  Frame first() throws IOException {
    var head = new byte[HEAD];
    if (fill(head, 0) == 0) {
      throw new ProtocolFailure("closed the connection without an answer");
    }
    var text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("HTTP/1.")) {
      throw new ProtocolFailure("answers in HTTP/1.1, not in HTTP/2 as gRPC needs");
    }
    if (head[3] != SETTINGS || length(head) > MOST_PAYLOAD) {
      throw new ProtocolFailure("does not speak HTTP/2");
    }
    return frame(head);
  }

  Frame next() throws IOException {
    if (--framesLeft <= 0) {
      throw new ProtocolFailure("sent more than " + MOST_FRAMES + " HTTP/2 frames");
    }
    var head = new byte[HEAD];
    if (fill(head, 0) == 0) {
      throw new ProtocolFailure("closed the connection in the middle of its answer");
    }
    if (length(head) > MOST_PAYLOAD) {
      throw new ProtocolFailure("sent an HTTP/2 frame of " + length(head) + " bytes");
    }
    return frame(head);
  }

  private Frame frame(byte[] head) throws IOException {
    var payload = new byte[length(head)];
    if (payload.length > 0 && fill(payload, 0) == 0) {
      throw new ProtocolFailure("closed the connection in the middle of a frame");
    }
    var stream = ByteBuffer.wrap(head).getInt(5) & 0x7fffffff;
    return new Frame(head[3] & 0xff, head[4] & 0xff, stream, payload);
  }

  private static int length(byte[] head) {
    return (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
  }

  /** All of it, or nothing when the connection has ended before its first byte. */
  private int fill(byte[] bytes, int from) throws IOException {
    var at = from;
    while (at < bytes.length) {
      var read = connection.read(bytes, at, bytes.length - at);
      if (read < 0 && at == 0) {
        return 0;
      }
      if (read < 0) {
        throw new ProtocolFailure("closed the connection in the middle of a frame");
      }
      at += read;
    }
    return at;
  }

  static void write(ByteArrayOutputStream to, int type, int flags, int stream, byte[] payload) {
    var head =
        ByteBuffer.allocate(HEAD)
            .put((byte) (payload.length >> 16))
            .put((byte) (payload.length >> 8))
            .put((byte) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream);
    to.writeBytes(head.array());
    to.writeBytes(payload);
  }

  void send(int type, int flags, byte[] payload) throws IOException {
    var bytes = new ByteArrayOutputStream(HEAD + payload.length);
    write(bytes, type, flags, 0, payload);
    connection.send(bytes.toByteArray());
  }
}
