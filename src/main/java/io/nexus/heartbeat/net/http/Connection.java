package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.time.Instant;
import java.util.Optional;

/** A connection that no longer speaks HTTP/1.1. Its failures are as those of {@link Http#send}. */
public final class Connection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final Deadline deadline;

  /**
   * @param rest what was already read
   */
  Connection(Socket socket, byte[] rest, Deadline deadline) throws IOException {
    this.socket = socket;
    this.in = new SequenceInputStream(new ByteArrayInputStream(rest), socket.getInputStream());
    this.deadline = deadline;
  }

  /** Waits for at least one byte; -1 at the end of the connection. */
  public int read(byte[] into, int from, int length) throws IOException {
    try {
      return in.read(into, from, length);
    } catch (IOException e) {
      throw Http.told(e, deadline);
    }
  }

  /** To a peer that is gone, nothing is sent: what it said before, reading tells. */
  public void send(byte[] bytes) throws IOException {
    try {
      Http.send(socket, bytes);
    } catch (IOException e) {
      throw Http.told(e, deadline);
    }
  }

  /** Until when the server's certificate is valid; empty without TLS. */
  public Optional<Instant> certificateEnds() throws IOException {
    return Http.ends(socket);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
