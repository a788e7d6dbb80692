package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.ProtocolFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads one answer (RFC 9112), refusing what two readers could frame in two ways. */
final class Answer {
  private static final int MOST_HEAD_BYTES = 32 * 1024;
  private static final int MOST_HEADERS = 100;
  private static final int MOST_INTERIM = 10;
  private static final int MOST_LINE = 256;

  private final InputStream in;
  private final boolean switching;
  private final byte[] buffer = new byte[4096];
  private int at;
  private int end;
  private int headLeft = MOST_HEAD_BYTES;
  private long firstByteAt;

  /**
   * @param switching whether another protocol was asked for
   */
  Answer(InputStream in, boolean switching) {
    this.in = in;
    this.switching = switching;
  }

  /**
   * @param length of the body, -1 until the connection closes, -2 in chunks
   */
  record Head(int status, String reason, List<Header> headers, long length) {}

  record Body(byte[] bytes, boolean truncated) {}

  private static final long TO_CLOSE = -1;
  private static final long CHUNKED = -2;

  long firstByteAt() {
    return firstByteAt;
  }

  Head head(boolean bodiless) throws IOException {
    for (var interim = 0; interim <= MOST_INTERIM; interim++) {
      var first = interim == 0 ? firstLine() : line();
      var status = status(first);
      var reason = first.length() > 13 ? Plain.text(first.substring(13), 80) : "";
      var headers = headers();
      if (status >= 200) {
        var none = bodiless || status == 204 || status == 304;
        return new Head(status, reason, headers, none ? 0 : length(headers));
      }
      if (status == 101 && switching) {
        return new Head(status, reason, headers, 0);
      }
      if (status == 101) {
        throw new ProtocolFailure("switches protocols, which was not asked for");
      }
    }
    throw new ProtocolFailure("sends interim answers without end");
  }

  Body body(Head head, int most) throws IOException {
    var bytes = new ByteArrayOutputStream(Math.min(most, 512));
    var truncated = passOn(head, most, bytes);
    return new Body(bytes.toByteArray(), truncated);
  }

  /** Whether it was cut off. */
  boolean passOn(Head head, int most, OutputStream into) throws IOException {
    return head.length() != 0
        && most != 0
        && new BodyReader(this, most, into).read(head.length() == CHUNKED, head.length());
  }

  /** What was read beyond the head of an answer without a body. */
  byte[] rest() {
    return Arrays.copyOfRange(buffer, at, end);
  }

  private String firstLine() throws IOException {
    if (!fill()) {
      throw new ProtocolFailure("closed the connection without an answer");
    }
    firstByteAt = System.nanoTime();
    // Told at once, for what is not HTTP may never end its line.
    for (var i = 0; i < Math.min(5, end); i++) {
      if (buffer[i] != "HTTP/".charAt(i)) {
        throw notHttp(new String(buffer, 0, Math.min(end, 200), StandardCharsets.UTF_8));
      }
    }
    return line();
  }

  private static int status(String line) throws ProtocolFailure {
    if (line.length() < 12
        || !line.startsWith("HTTP/1.")
        || !Character.isDigit(line.charAt(7))
        || line.charAt(8) != ' '
        || line.length() > 12 && line.charAt(12) != ' ') {
      throw notHttp(line);
    }
    var status = 0;
    for (var i = 9; i < 12; i++) {
      var c = line.charAt(i);
      if (c < '0' || c > '9') {
        throw notHttp(line);
      }
      status = status * 10 + (c - '0');
    }
    if (status < 100 || status > 599) {
      throw new ProtocolFailure("answered with HTTP status " + status + ", which does not exist");
    }
    return status;
  }

  private static ProtocolFailure notHttp(String answer) {
    var plain = Plain.text(answer, 60);
    return new ProtocolFailure(
        "answered something that is not HTTP" + (plain.isEmpty() ? "" : ": " + plain));
  }

  private List<Header> headers() throws IOException {
    var headers = new ArrayList<Header>(12);
    for (var line = line(); !line.isEmpty(); line = line()) {
      if (headers.size() == MOST_HEADERS) {
        throw new ProtocolFailure("sent more than " + MOST_HEADERS + " headers");
      }
      // A folded line (obs-fold) begins with a space: no name, refused with the rest.
      var colon = line.indexOf(':');
      if (colon < 1 || !Outgoing.isToken(line.substring(0, colon))) {
        throw new ProtocolFailure("sent a malformed header: " + Plain.text(line, 60));
      }
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private static long length(List<Header> headers) throws ProtocolFailure {
    var length = TO_CLOSE;
    var chunked = false;
    for (var header : headers) {
      switch (header.name().toLowerCase(Locale.ROOT)) {
        case "content-length" -> {
          if (length != TO_CLOSE) {
            throw new ProtocolFailure("sent more than one Content-Length");
          }
          length = digits(header.value());
        }
        case "transfer-encoding" -> {
          if (chunked || !header.value().equalsIgnoreCase("chunked")) {
            throw new ProtocolFailure(
                "sent a transfer coding that was not asked for: " + Plain.text(header.value(), 40));
          }
          chunked = true;
        }
        default -> {}
      }
    }
    if (chunked && length != TO_CLOSE) {
      throw new ProtocolFailure("sent both Content-Length and chunks");
    }
    return chunked ? CHUNKED : length;
  }

  private static long digits(String text) throws ProtocolFailure {
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new ProtocolFailure("sent a malformed Content-Length: " + Plain.text(text, 40));
    }
    return Long.parseLong(text);
  }

  /** A line of the head or of the trailers, which count together. */
  String line() throws IOException {
    var line = line(headLeft);
    headLeft -= line.length() + 2;
    return line;
  }

  /** A chunk's size and extensions; how many there are, the body's own cap bounds. */
  String chunkLine() throws IOException {
    return line(MOST_LINE);
  }

  private String line(int most) throws IOException {
    StringBuilder longer = null;
    while (true) {
      for (var i = at; i < end; i++) {
        if (buffer[i] == '\n') {
          var part = part(i);
          var line = longer == null ? part : longer.append(part).toString();
          at = i + 1;
          return whole(line, most);
        }
      }
      if (longer == null) {
        longer = new StringBuilder(end - at);
      }
      longer.append(part(end));
      at = end;
      if (longer.length() > most) {
        throw tooLong(most);
      }
      if (!fill()) {
        throw brokenOff();
      }
    }
  }

  private String part(int to) {
    return new String(buffer, at, to - at, StandardCharsets.ISO_8859_1);
  }

  private static String whole(String line, int most) throws ProtocolFailure {
    var text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    if (text.length() > most) {
      throw tooLong(most);
    }
    // RFC 9112, 2.2: a bare CR is not a line end; others might take it for one.
    if (text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
      throw new ProtocolFailure("sent a control character in a header");
    }
    return text;
  }

  private static ProtocolFailure tooLong(int most) {
    return new ProtocolFailure(
        most == MOST_LINE
            ? "sent a chunk size that does not end"
            : "sent headers of more than " + MOST_HEAD_BYTES / 1024 + " KiB");
  }

  static ProtocolFailure brokenOff() {
    return new ProtocolFailure("closed the connection in the middle of its answer");
  }

  /** Passes on up to {@code most} bytes; -1 at the end of the connection. */
  int take(OutputStream to, int most) throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    var length = Math.min(end - at, most);
    to.write(buffer, at, length);
    at += length;
    return length;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }
}
