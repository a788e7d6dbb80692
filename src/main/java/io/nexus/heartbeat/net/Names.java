package io.nexus.heartbeat.net;

import io.nexus.heartbeat.net.Dialer.NoSuchHost;
import io.nexus.heartbeat.net.Dialer.Unresolvable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupFailedException;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.ServerFailedException;

/**
 * Host names to addresses, by the hosts file and DNS. Not by the JDK: its resolver cannot be
 * interrupted, and does not tell a name that does not exist from a server that does not answer.
 */
public final class Names {
  private static final Duration TRY = Duration.ofSeconds(2);
  private static final int MAX_TTL_SECONDS = 300;
  private static final int MAX_NEGATIVE_TTL_SECONDS = 10;

  private final LookupSession session;
  private final List<InetSocketAddress> servers;
  private final ConcurrentHashMap<Question, CompletableFuture<Answer>> asked =
      new ConcurrentHashMap<>();

  private record Question(Name name, int type) {}

  private sealed interface Answer {
    record Found(List<InetAddress> addresses) implements Answer {}

    /** Authoritatively: no such name, or none with an address. */
    record None() implements Answer {}

    record Failed(Throwable why) implements Answer {}
  }

  public Names(List<InetSocketAddress> servers, Path hosts) {
    this.servers = List.copyOf(servers);
    var cache = new Cache();
    cache.setMaxCache(MAX_TTL_SECONDS);
    cache.setMaxNCache(MAX_NEGATIVE_TTL_SECONDS);
    session =
        LookupSession.builder()
            .resolver(resolver(servers))
            .cache(cache)
            .hostsFileParser(new HostsFileParser(hosts))
            .build();
  }

  /** As resolv.conf and the hosts file of this machine say. */
  public static Names ofThisMachine() {
    return new Names(ResolverConfig.getCurrentConfig().servers(), Path.of("/etc/hosts"));
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

  private List<InetAddress> ask(String host, String candidate, Deadline deadline)
      throws IOException {
    var name = absolute(host, candidate);
    var four = ask(name, Type.A);
    var six = ask(name, Type.AAAA);
    var first = await(host, four, deadline);
    var second = await(host, six, deadline);
    var found = new ArrayList<InetAddress>(2);
    if (first instanceof Answer.Found(var addresses)) {
      found.addAll(addresses);
    }
    if (second instanceof Answer.Found(var addresses)) {
      found.addAll(addresses);
    }
    // Half an answer is enough to connect, but not enough to say that the name does not exist.
    if (found.isEmpty() && first instanceof Answer.Failed(var why)) {
      throw unresolvable(host, why);
    }
    if (found.isEmpty() && second instanceof Answer.Failed(var why)) {
      throw unresolvable(host, why);
    }
    return found;
  }

  /** Checks of one host that run at the same time ask once. */
  private CompletableFuture<Answer> ask(Name name, int type) {
    var question = new Question(name, type);
    var mine = new CompletableFuture<Answer>();
    var others = asked.putIfAbsent(question, mine);
    if (others != null) {
      return others;
    }
    session
        .lookupAsync(name, type)
        .whenComplete(
            (result, failure) -> {
              asked.remove(question);
              mine.complete(
                  failure == null ? found(result.getRecords()) : judged(unwrapped(failure)));
            });
    return mine;
  }

  private Answer await(String host, CompletableFuture<Answer> answer, Deadline deadline)
      throws IOException {
    try {
      return answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw unresolvable(host, e);
    } catch (ExecutionException e) {
      throw unresolvable(host, unwrapped(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unresolvable("interrupted while resolving " + host, e);
    }
  }

  private Unresolvable unresolvable(String host, Throwable why) {
    var asked = servers.isEmpty() ? "none is configured" : "asked " + String.join(", ", shown());
    return new Unresolvable(
        "cannot resolve "
            + Plain.text(host, 100)
            + ": the DNS server "
            + whatItDid(why)
            + "; "
            + asked,
        why);
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

  private List<String> shown() {
    return servers.stream()
        .map(s -> s.getAddress() == null ? s.getHostString() : s.getAddress().getHostAddress())
        .toList();
  }

  private static Answer found(List<Record> records) {
    var addresses =
        records.stream()
            .<InetAddress>mapMulti(
                (record, out) -> {
                  switch (record) {
                    case ARecord a -> out.accept(a.getAddress());
                    case AAAARecord a -> out.accept(a.getAddress());
                    default -> {}
                  }
                })
            .map(Names::nameless)
            .toList();
    return addresses.isEmpty() ? new Answer.None() : new Answer.Found(addresses);
  }

  private static Answer judged(Throwable failure) {
    return switch (failure) {
      case NoSuchDomainException _, NoSuchRRSetException _ -> new Answer.None();
      default -> new Answer.Failed(failure);
    };
  }

  private static Throwable unwrapped(Throwable failure) {
    var cause = failure.getCause();
    return failure instanceof java.util.concurrent.CompletionException && cause != null
            || failure instanceof ExecutionException && cause != null
        ? cause
        : failure;
  }

  private static InetAddress nameless(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e); // its own bytes are an address
    }
  }

  private static Name absolute(String host, String candidate) throws IOException {
    try {
      return Name.fromString(candidate, Name.root);
    } catch (TextParseException e) {
      throw new Unresolvable("'" + Plain.text(host, 100) + "' is not a host name", e);
    }
  }

  private static Resolver resolver(List<InetSocketAddress> servers) {
    var each =
        servers.stream()
            .<Resolver>map(
                server -> {
                  var one = new SimpleResolver(server);
                  one.setTimeout(TRY);
                  return one;
                })
            .toList();
    var all = new ExtendedResolver(each);
    all.setRetries(2);
    return all;
  }
}
