package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Dns;
import io.nexus.heartbeat.net.TestNet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The real door, behind which every name is this machine; every use of it is remembered. */
final class OpenDialer implements Dialer {
  final Queue<String> asked = new ConcurrentLinkedQueue<>();
  final Queue<Integer> opened = new ConcurrentLinkedQueue<>();

  private final Dialer door = TestNet.loopback();

  @Override
  public Socket connect(String host, int port, Deadline deadline) throws IOException {
    var address = resolve(host, deadline).getFirst().getHostAddress();
    opened.add(port);
    return door.connect(address, port, deadline);
  }

  @Override
  public Dns.Answer ask(Dns.Question question, Deadline deadline) throws IOException {
    return door.ask(question, deadline);
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
