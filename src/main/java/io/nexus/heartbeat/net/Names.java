package io.nexus.heartbeat.net;

import io.nexus.heartbeat.net.Dialer.NoSuchHost;
import io.nexus.heartbeat.net.Dialer.Unresolvable;
import io.nexus.heartbeat.net.Lookups.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupFailedException;
import org.xbill.DNS.lookup.ServerFailedException;

/**
 * Host names to addresses, by the hosts file and DNS. Not by the JDK: its resolver cannot be
 * interrupted, and does not tell a name that does not exist from a server that does not answer.
 */
public final class Names {
  private final Supplier<List<InetSocketAddress>> servers;
  private final HostsFileParser hosts;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Lookups current;

  /**
   * @param servers asked for before each lookup; other ones are used from then on
   */
  public Names(Supplier<List<InetSocketAddress>> servers, Path hosts) {
    this.servers = servers;
    this.hosts = new HostsFileParser(hosts);
    this.current = new Lookups(servers.get(), this.hosts);
  }

  /** As resolv.conf and the hosts file of this machine say. */
  public static Names ofThisMachine() {
    return of(ResolvConf.ofThisMachine());
  }

  static Names of(ResolvConf conf) {
    return new Names(() -> conf.settings().servers(), Path.of("/etc/hosts"));
  }

  /**
   * The addresses, IPv4 first, of the first candidate that has any.
   *
   * @param host as written, for messages
   * @param candidates absolute names in the order they are tried
   */
  List<InetAddress> addresses(String host, List<String> candidates, Deadline deadline)
      throws IOException {
    for (var candidate : candidates) {
      var found = ask(host, candidate, deadline);
      if (!found.isEmpty()) {
        return found;
      }
    }
    throw new NoSuchHost(host);
  }

  /**
   * The records of the first candidate that has any, past every cache.
   *
   * @param host and candidates as {@link #addresses}
   */
  Dns.Answer records(String host, List<String> candidates, String type, Deadline deadline)
      throws IOException {
    var asked = servers.get();
    Dns.Answer answer = new Dns.NoSuchName();
    for (var candidate : candidates) {
      try {
        var found = DnsQuery.ask(asked, absolute(host, candidate), Type.value(type), deadline);
        if (found instanceof Dns.Records(var entries) && !entries.isEmpty()) {
          return found;
        }
        answer = found instanceof Dns.Records ? found : answer;
      } catch (SocketTimeoutException e) {
        throw unresolvable(host, asked, "did not answer", e);
      } catch (DnsQuery.Untold e) {
        throw unresolvable(host, asked, String.valueOf(e.getMessage()), e);
      }
    }
    return answer;
  }

  /** The records that a server has. */
  static Dns.Answer records(
      String host, Collection<InetSocketAddress> server, String type, Deadline deadline)
      throws IOException {
    try {
      return DnsQuery.ask(List.copyOf(server), absolute(host, host), Type.value(type), deadline);
    } catch (DnsQuery.Untold e) {
      throw new ProtocolFailure("the DNS server " + e.getMessage());
    }
  }

  private List<InetAddress> ask(String host, String candidate, Deadline deadline)
      throws IOException {
    var name = absolute(host, candidate);
    var lookups = lookups();
    var four = lookups.ask(name, Type.A);
    var six = lookups.ask(name, Type.AAAA);
    var first = await(host, four, lookups, deadline);
    var second = await(host, six, lookups, deadline);
    var found = new ArrayList<InetAddress>(2);
    if (first instanceof Answer.Found(var addresses)) {
      found.addAll(addresses);
    }
    if (second instanceof Answer.Found(var addresses)) {
      found.addAll(addresses);
    }
    // Half an answer is enough to connect, but not enough to say that the name does not exist.
    if (found.isEmpty() && first instanceof Answer.Failed(var why)) {
      throw unresolvable(host, lookups, why);
    }
    if (found.isEmpty() && second instanceof Answer.Failed(var why)) {
      throw unresolvable(host, lookups, why);
    }
    return found;
  }

  private Lookups lookups() {
    var wanted = servers.get();
    if (current.servers().equals(wanted)) {
      return current;
    }
    changing.lock();
    try {
      if (!current.servers().equals(wanted)) {
        current = new Lookups(wanted, hosts); // what others said is not what these say
      }
      return current;
    } finally {
      changing.unlock();
    }
  }

  private static Answer await(
      String host, CompletableFuture<Answer> answer, Lookups lookups, Deadline deadline)
      throws IOException {
    try {
      return answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw unresolvable(host, lookups, e);
    } catch (ExecutionException e) {
      throw unresolvable(host, lookups, Lookups.unwrapped(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unresolvable("interrupted while resolving " + host, e);
    }
  }

  private static Unresolvable unresolvable(String host, Lookups lookups, Throwable why) {
    return unresolvable(host, lookups.servers(), whatItDid(why), why);
  }

  private static Unresolvable unresolvable(
      String host, List<InetSocketAddress> servers, String did, Throwable why) {
    var asked =
        servers.isEmpty() ? "none is configured" : "asked " + String.join(", ", shown(servers));
    return new Unresolvable(
        "cannot resolve " + Plain.text(host, 100) + ": the DNS server " + did + "; " + asked, why);
  }

  private static String whatItDid(Throwable why) {
    return switch (why) {
      case ServerFailedException _ -> "failed (SERVFAIL)";
      case WireParseException _ -> "answered something that is not DNS";
      case LookupFailedException e when String.valueOf(e.getMessage()).endsWith("REFUSED") ->
          "refused to answer us (REFUSED)";
      case LookupFailedException e ->
          "failed (" + Plain.text(String.valueOf(e.getMessage()), 80) + ")";
      default -> "did not answer";
    };
  }

  private static List<String> shown(List<InetSocketAddress> servers) {
    return servers.stream()
        .map(s -> s.getAddress() == null ? s.getHostString() : s.getAddress().getHostAddress())
        .toList();
  }

  private static Name absolute(String host, String candidate) throws IOException {
    try {
      return Name.fromString(candidate, Name.root);
    } catch (TextParseException e) {
      throw new Unresolvable("'" + Plain.text(host, 100) + "' is not a host name", e);
    }
  }
}
