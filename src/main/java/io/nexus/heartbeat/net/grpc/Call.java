package io.nexus.heartbeat.net.grpc;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Connection;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.net.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A unary call: one message there, one back. Of HTTP/2 only what a single stream needs; what its
 * headers are packed in (HPACK) is Netty's.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC on HTTP/2</a>
 */
public final class Call {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** ENABLE_PUSH: 0, and MAX_HEADER_LIST_SIZE. */
  private static final byte[] SETTINGS =
      ByteBuffer.allocate(12)
          .putShort((short) 2)
          .putInt(0)
          .putShort((short) 6)
          .putInt(Call.MOST_HEADERS)
          .array();

  private static final int STREAM = 1;
  static final int MOST_HEADERS = 16 * 1024;

  /** Also what may come without our opening the stream's window further. */
  private static final int MOST_BODY = 60 * 1024;

  private final Frames frames;
  private final DefaultHttp2HeadersDecoder unpacking =
      new DefaultHttp2HeadersDecoder(true, MOST_HEADERS);
  private final Map<String, String> headers = new LinkedHashMap<>();
  private int packedHeaders; // of all their blocks: interim ones, the head, the trailers
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(64);

  private Call(Frames frames) {
    this.frames = frames;
  }

  /**
   * @param request a POST to the method's path, with the message as its body, framing included
   * @param authority instead of the URI's, when there is one
   * @throws ProtocolFailure what is answered is not HTTP/2
   * @throws Misconfigured the request cannot be sent as it is
   * @throws IOException as {@link Http#send}
   */
  public static Reply unary(
      Http http, Request request, @Nullable String authority, Dialer dialer, Deadline deadline)
      throws IOException {
    var packed = packed(request, authority, deadline);
    try (var connection = http.connect(request, "h2", dialer, deadline)) {
      connection.send(opening(packed, request.body()));
      return new Call(new Frames(connection)).reply(connection);
    }
  }

  private static byte[] packed(Request request, @Nullable String authority, Deadline deadline)
      throws IOException {
    var target = Authority.of(request.uri());
    var all =
        new DefaultHttp2Headers(false)
            .method("POST")
            .scheme(target.https() ? "https" : "http")
            .path(request.uri().getRawPath())
            .authority(authority == null ? target.written() : authority)
            .add("content-type", "application/grpc")
            .add("te", "trailers")
            .add("user-agent", "heartbeat")
            .add("grpc-timeout", deadline.remainingMillis() + "m");
    for (var header : request.headers()) {
      var name = header.name().toLowerCase(Locale.ROOT);
      if (all.contains(name) || name.startsWith("grpc-") || name.equals("connection")) {
        throw new Misconfigured(
            "header " + header.name() + " is set by Heartbeat itself; leave it out");
      }
      if (!header.value().chars().allMatch(c -> c >= ' ' && c <= '~')) {
        throw new Misconfigured(
            "the value of header " + header.name() + " holds what is not plain ASCII");
      }
      all.add(name, header.value());
    }
    var bytes = Unpooled.buffer(512);
    try {
      new DefaultHttp2HeadersEncoder().encodeHeaders(STREAM, all, bytes);
      var packed = new byte[bytes.readableBytes()];
      bytes.readBytes(packed);
      return packed;
    } catch (Http2Exception e) {
      throw new Misconfigured("the headers cannot be sent: " + Plain.text("" + e.getMessage(), 80));
    } finally {
      bytes.release();
    }
  }

  /** All that we say before the answer, in one write. */
  private static byte[] opening(byte[] packed, byte[] message) {
    var bytes = new ByteArrayOutputStream(512);
    bytes.writeBytes(PREFACE);
    Frames.write(bytes, Frames.SETTINGS, 0, 0, SETTINGS);
    for (var from = 0; from < packed.length; from += Frames.MOST_PAYLOAD) {
      var to = Math.min(packed.length, from + Frames.MOST_PAYLOAD);
      Frames.write(
          bytes,
          from == 0 ? Frames.HEADERS : Frames.CONTINUATION,
          to == packed.length ? Frames.END_HEADERS : 0,
          STREAM,
          Arrays.copyOfRange(packed, from, to));
    }
    Frames.write(bytes, Frames.DATA, Frames.END_STREAM, STREAM, message);
    return bytes.toByteArray();
  }

  private Reply reply(Connection connection) throws IOException {
    var frame = frames.first();
    while (!ends(frame)) {
      frame = frames.next();
    }
    return new Reply(Map.copyOf(headers), body.toByteArray(), connection.certificateEnds());
  }

  /** Whether the answer ends with it. */
  private boolean ends(Frames.Frame frame) throws IOException {
    switch (frame.type()) {
      case Frames.SETTINGS, Frames.PING -> acknowledge(frame);
      case Frames.GOAWAY -> refuse(frame);
      case Frames.PUSH_PROMISE -> throw new ProtocolFailure("pushes what was not asked for");
      case Frames.CONTINUATION -> throw new ProtocolFailure("continues headers that have ended");
      case Frames.RST_STREAM ->
          throw new ProtocolFailure("reset the call: " + error(frame.word(0)));
      case Frames.HEADERS -> {
        unpack(ours(frame));
        return frame.has(Frames.END_STREAM);
      }
      case Frames.DATA -> {
        body.writeBytes(ours(frame).content());
        if (body.size() > MOST_BODY) {
          throw new ProtocolFailure("answered with more than " + MOST_BODY / 1024 + " KiB");
        }
        return frame.has(Frames.END_STREAM);
      }
      default -> {} // WINDOW_UPDATE, PRIORITY, and what later standards bring
    }
    return false;
  }

  private static Frames.Frame ours(Frames.Frame frame) throws ProtocolFailure {
    if (frame.stream() != STREAM) {
      throw new ProtocolFailure("answers on a stream that was not opened");
    }
    return frame;
  }

  private void acknowledge(Frames.Frame frame) throws IOException {
    if (!frame.has(Frames.ACK)) {
      var echo = frame.type() == Frames.PING ? frame.payload() : new byte[0];
      frames.send(frame.type(), Frames.ACK, echo);
    }
  }

  /** Whoever stops in an orderly way names the streams that it still answers. */
  private static void refuse(Frames.Frame frame) throws ProtocolFailure {
    if ((frame.word(0) & 0x7fffffff) < STREAM || frame.word(4) != 0) {
      throw new ProtocolFailure("goes away: " + error(frame.word(4)));
    }
  }

  private static String error(int code) {
    var known = Http2Error.valueOf(code);
    return known == null ? "error " + code : known.name();
  }

  private void add(ByteArrayOutputStream packed, byte[] more) throws ProtocolFailure {
    packedHeaders += more.length;
    if (packedHeaders > MOST_HEADERS) {
      throw new ProtocolFailure("sent headers of more than " + MOST_HEADERS / 1024 + " KiB");
    }
    packed.writeBytes(more);
  }

  private void unpack(Frames.Frame first) throws IOException {
    var packed = new ByteArrayOutputStream(256);
    add(packed, first.content());
    for (var frame = first; !frame.has(Frames.END_HEADERS); ) {
      frame = frames.next();
      if (frame.type() != Frames.CONTINUATION || frame.stream() != first.stream()) {
        throw new ProtocolFailure("breaks off its headers");
      }
      add(packed, frame.payload());
    }
    var bytes = Unpooled.wrappedBuffer(packed.toByteArray());
    try {
      for (var header : unpacking.decodeHeaders(STREAM, bytes)) {
        headers.put(
            header.getKey().toString().toLowerCase(Locale.ROOT), header.getValue().toString());
      }
    } catch (Http2Exception | IllegalArgumentException | IndexOutOfBoundsException _) {
      throw new ProtocolFailure("sent HTTP/2 headers that cannot be read");
    } finally {
      bytes.release();
    }
  }
}
