package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;

/** A connected socket as the driver sees it: what comes in is capped and in time. */
final class PostgresSocket extends Socket {
  private final Socket socket;
  private final Deadline deadline;
  private final InputStream in;

  PostgresSocket(Socket socket, Deadline deadline) throws IOException {
    super((SocketImpl) null);
    this.socket = socket;
    this.deadline = deadline;
    this.in = new PostgresMessages(socket.getInputStream());
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
  }

  /** The driver means 0 as for ever; here the deadline is the longest there is. */
  @Override
  public void setSoTimeout(int millis) throws SocketException {
    var left = (int) Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE);
    socket.setSoTimeout(millis == 0 ? left : Math.min(left, millis));
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return socket.getSoTimeout();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    socket.setKeepAlive(on);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return socket.getSendBufferSize();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
