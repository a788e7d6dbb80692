package io.nexus.heartbeat.net;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;

/**
 * A socket whose reads and writes end with the deadline and say so. A read waits no longer than
 * what is left; a write, which has no time-out of its own, is ended by the deadline closing it.
 */
final class DeadlineSocket extends Socket {
  private final Deadline deadline;

  DeadlineSocket(Deadline deadline) {
    super(Proxy.NO_PROXY); // or system properties could send it through a SOCKS server, unvetted
    this.deadline = deadline;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        try {
          // A rest of a millisecond counts as one, so that a time-out is never before its time.
          setSoTimeout(deadline.remainingMillis() + 1);
          return in.read(bytes, from, length);
        } catch (IOException e) {
          throw told(e);
        }
      }

      @Override
      public void close() throws IOException {
        DeadlineSocket.this.close();
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        try {
          out.write(bytes, from, length);
        } catch (IOException e) {
          throw told(e);
        }
      }

      @Override
      public void close() throws IOException {
        DeadlineSocket.this.close();
      }
    };
  }

  private IOException told(IOException e) {
    return deadline.remaining().isZero() ? deadline.timedOut() : e;
  }
}
