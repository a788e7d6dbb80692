package io.nexus.heartbeat.net;

import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Resolves, judges and connects, all under one deadline. */
public final class VettedDialer implements Dialer {
  private static final int MOST_ADDRESSES = 8;

  private final Names names;
  private final Scope scope;
  private final AddressPolicy policy;

  public VettedDialer(Names names, Scope scope, AddressPolicy policy) {
    this.names = names;
    this.scope = scope;
    this.policy = policy;
  }

  /** Names as every program of this machine sees them. */
  public static VettedDialer ofThisMachine(AddressPolicy policy) {
    var conf = ResolvConf.ofThisMachine();
    return new VettedDialer(Names.of(conf), Scope.searching(conf), policy);
  }

  @Override
  public Socket connect(String host, int port, Deadline deadline) throws IOException {
    var addresses = resolve(host, deadline);
    IOException failure = null;
    for (var i = 0; i < addresses.size(); i++) {
      try {
        return connect(addresses.get(i), port, deadline, addresses.size() - i);
      } catch (IOException e) {
        if (deadline.remaining().isZero()) {
          throw deadline.timedOut();
        }
        // That we have no route for IPv6 says nothing when the IPv4 address refused us.
        if (failure == null || Fault.of(e) instanceof Fault.Down) {
          failure = e;
        }
      }
    }
    throw failure == null ? new NoSuchHost(host) : failure;
  }

  @Override
  public List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
    var allowed = new ArrayList<InetAddress>(2);
    var refusal = "";
    for (var address : unjudged(host, deadline)) {
      var refused = policy.refusal(address);
      if (refused.isEmpty() && allowed.size() < MOST_ADDRESSES) {
        allowed.add(address);
      } else if (refused.isPresent() && refusal.isEmpty()) {
        refusal = refused.get();
      }
    }
    if (allowed.isEmpty()) {
      throw new AddressRefused(refusal);
    }
    return allowed;
  }

  @Override
  public Dns.Answer ask(Dns.Question question, Deadline deadline) throws IOException {
    var name = question.name();
    var server = question.server();
    if (server == null) {
      return names.records(name, scope.candidates(ascii(name)), question.type(), deadline);
    }
    var addresses = new ArrayList<InetSocketAddress>(2);
    for (var address : resolve(server.host(), deadline)) {
      addresses.add(new InetSocketAddress(address, server.port()));
    }
    return Names.records(name, addresses, question.type(), deadline);
  }

  private List<InetAddress> unjudged(String host, Deadline deadline) throws IOException {
    var literal = Literals.parse(host);
    if (literal != null) {
      return List.of(literal);
    }
    var name = ascii(host);
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return LOOPBACK; // RFC 6761, 6.3: never asked for
    }
    return names.addresses(host, scope.candidates(name), deadline);
  }

  private static String ascii(String host) throws IOException {
    if (Literals.looksNumeric(host) || host.indexOf(':') >= 0 || host.indexOf('%') >= 0) {
      throw new Unresolvable(
          "'"
              + Plain.text(host, 100)
              + "' is neither a host name nor an IP address; four decimal numbers such as"
              + " 10.0.0.5 or an IPv6 address such as fd00::5 would be",
          new UnknownHostException(host));
    }
    try {
      var name = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
      // Full-width digits and dots become plain ones only here.
      if (name.isEmpty()
          || Literals.looksNumeric(name)
          || !name.chars().allMatch(VettedDialer::isNameCharacter)) {
        throw new IllegalArgumentException(host);
      }
      return name;
    } catch (IllegalArgumentException e) {
      throw new Unresolvable("'" + Plain.text(host, 100) + "' is not a host name", e);
    }
  }

  private static boolean isNameCharacter(int c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_';
  }

  private Socket connect(InetAddress address, int port, Deadline deadline, int toTry)
      throws IOException {
    // Once more at the door: nothing between the judgement and the connection can be forgotten.
    policy.judge(address);
    var share = Math.max(1, deadline.remainingMillis() / toTry);
    var socket = deadline.closing(new DeadlineSocket(deadline));
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(address, port), share);
      return socket;
    } catch (SocketTimeoutException e) {
      socket.close();
      throw deadline.remaining().isZero() || toTry == 1 ? deadline.timedOut() : e;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static final List<InetAddress> LOOPBACK =
      List.of(
          java.util.Objects.requireNonNull(Literals.parse("127.0.0.1")),
          java.util.Objects.requireNonNull(Literals.parse("::1")));
}
