package io.nexus.heartbeat.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/**
 * The one door: every socket that Heartbeat opens to what it watches or tells is resolved, judged
 * and connected here.
 */
public interface Dialer {

  /**
   * Opens a TCP connection, trying each address in turn. Reads time out with the deadline.
   *
   * @throws NoSuchHost the name authoritatively does not exist
   * @throws Unresolvable the resolver failed: ours is the fault
   * @throws AddressRefused the address is not for checks to open
   * @throws java.net.SocketTimeoutException the deadline passed
   * @throws IOException nothing accepted; the cause of the last address
   */
  Socket connect(String host, int port, Deadline deadline) throws IOException;

  /** The vetted addresses of a host, for drivers that open sockets by themselves. */
  List<InetAddress> resolve(String host, Deadline deadline) throws IOException;

  /**
   * Asks DNS itself, past every cache of ours.
   *
   * @throws Unresolvable this machine's own servers did not tell
   * @throws ProtocolFailure the named server did not tell
   * @throws IOException the named server cannot be asked, as {@link #connect}
   */
  Dns.Answer ask(Dns.Question question, Deadline deadline) throws IOException;

  /** The name authoritatively does not exist: Critical. */
  final class NoSuchHost extends IOException {
    private static final long serialVersionUID = 1;

    public NoSuchHost(String host) {
      super("no such host: " + host);
    }
  }

  /** The resolver failed: Unknown. */
  final class Unresolvable extends IOException {
    private static final long serialVersionUID = 1;

    public Unresolvable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The address is refused by policy: Unknown, with what the administrator can do. */
  final class AddressRefused extends IOException {
    private static final long serialVersionUID = 1;

    public AddressRefused(String message) {
      super(message);
    }
  }
}
