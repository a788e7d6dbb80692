package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Every name is this machine, and every use of the door is remembered. */
final class OpenDialer implements Dialer {
  final Queue<String> asked = new ConcurrentLinkedQueue<>();

  @Override
  public Socket connect(String host, int port, Deadline deadline) throws IOException {
    var socket = new Socket();
    deadline.closing(socket);
    socket.connect(
        new InetSocketAddress(resolve(host, deadline).getFirst(), port),
        deadline.remainingMillis());
    socket.setSoTimeout(deadline.remainingMillis());
    return socket;
  }

  @Override
  public List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
    asked.add(host);
    if (host.equals("missing.test")) {
      throw new NoSuchHost(host);
    }
    if (host.equals("refused.test")) {
      throw new AddressRefused("169.254.169.254 is not for checks to open");
    }
    return List.of(InetAddress.getLoopbackAddress());
  }
}
