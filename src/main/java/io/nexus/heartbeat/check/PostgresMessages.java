package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.ProtocolFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/**
 * The server's messages, each looked at whole before the driver sees it: the driver allocates what
 * a length says before a byte of it came, so that one message could claim 2 GB.
 *
 * <p>Format: postgresql.org/docs/current/protocol-message-formats.html.
 */
final class PostgresMessages extends InputStream {
  static final int MAX_MESSAGE = 64 * 1024;
  static final int MAX_BYTES = 1 << 20;

  /**
   * A check of ten queries needs some hundred. The driver chains notices, each to the end of all
   * before it: a megabyte of empty ones would keep a processor busy until the deadline.
   */
  static final int MAX_MESSAGES = 2000;

  /**
   * What the answers to our statements consist of; no COPY, no function calls, no renegotiation.
   */
  private static final String TYPES = "RSKZENTDCI123nstA";

  private final InputStream in;
  private ByteBuffer message = ByteBuffer.allocate(0);
  private long received;
  private int messages;

  PostgresMessages(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    return fill() ? message.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    var count = Math.min(length, message.remaining());
    message.get(bytes, from, count);
    return count;
  }

  @Override
  public int available() throws IOException {
    return message.hasRemaining() ? message.remaining() : in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /**
   * The driver takes a {@link SocketTimeoutException} for one it did not ask for, and reads again:
   * on a socket that our deadline has closed without end. So it sees it only as a cause.
   */
  private byte[] rest(int length) throws IOException {
    try {
      return in.readNBytes(length);
    } catch (SocketTimeoutException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private int next() throws IOException {
    var one = rest(1);
    return one.length == 0 ? -1 : one[0] & 0xff;
  }

  private boolean fill() throws IOException {
    if (message.hasRemaining()) {
      return true;
    }
    var type = next();
    if (type < 0) {
      return false;
    }
    if (TYPES.indexOf(type) < 0) {
      throw new ProtocolFailure("answered something that is not PostgreSQL");
    }
    if (++messages > MAX_MESSAGES) {
      throw new ProtocolFailure(
          "answered with more than a health check reads (" + MAX_MESSAGES + " messages)");
    }
    var header = rest(4);
    var length = header.length < 4 ? 0 : ByteBuffer.wrap(header).getInt();
    received += Math.max(0, length);
    if (header.length == 4 && (length < 4 || length > MAX_MESSAGE || received > MAX_BYTES)) {
      throw new ProtocolFailure(
          length < 4
              ? "answered something that is not PostgreSQL"
              : "answered with more than a health check reads (a message of " + length + " bytes)");
    }
    var body = rest(Math.max(0, length - 4));
    if (header.length < 4 || body.length < length - 4) {
      throw new EOFException("closed within a message");
    }
    if (type == 'D') {
      row(ByteBuffer.wrap(body));
    }
    message = ByteBuffer.allocate(5 + body.length);
    message.put((byte) type).put(header).put(body).flip();
    return true;
  }

  /** The columns' lengths must be those of the message. */
  private static void row(ByteBuffer body) throws IOException {
    var columns = body.remaining() < 2 ? -1 : body.getShort() & 0xffff;
    for (var column = 0; column < columns; column++) {
      var length = body.remaining() < 4 ? Integer.MAX_VALUE : body.getInt();
      if (length > body.remaining() || length < -1) {
        throw new ProtocolFailure("answered with a row longer than its message");
      }
      body.position(body.position() + Math.max(0, length));
    }
    if (columns < 0) {
      throw new ProtocolFailure("answered something that is not PostgreSQL");
    }
  }
}
