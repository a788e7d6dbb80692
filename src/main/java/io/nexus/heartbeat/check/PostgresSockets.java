package io.nexus.heartbeat.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * What the driver opens sockets by. It makes one by the class's name, on the thread that connects,
 * which is why this is public and where the wire comes from; later, to cancel a statement, it asks
 * the same one again from a thread of its own.
 */
public final class PostgresSockets extends SocketFactory {
  static final ScopedValue<PostgresWire> WIRE = ScopedValue.newInstance();

  private final PostgresWire wire;

  public PostgresSockets() {
    wire = WIRE.get();
  }

  /** Connected already, so that the driver resolves nothing. */
  @Override
  public Socket createSocket() throws IOException {
    return wire.open();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return wire.open();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return wire.open();
  }

  @Override
  public Socket createSocket(InetAddress address, int port) throws IOException {
    return wire.open();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort)
      throws IOException {
    return wire.open();
  }
}
