package io.nexus.heartbeat.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Questions to certain DNS servers, and what they answered lately. */
final class Lookups {
  private static final Duration TRY = Duration.ofSeconds(2);
  private static final int MAX_TTL_SECONDS = 300;
  private static final int MAX_NEGATIVE_TTL_SECONDS = 10;

  private final List<InetSocketAddress> servers;
  private final LookupSession session;
  private final ConcurrentHashMap<Question, CompletableFuture<Answer>> asked =
      new ConcurrentHashMap<>();

  private record Question(Name name, int type) {}

  sealed interface Answer {
    record Found(List<InetAddress> addresses) implements Answer {}

    /** Authoritatively: no such name, or none with an address. */
    record None() implements Answer {}

    record Failed(Throwable why) implements Answer {}
  }

  Lookups(List<InetSocketAddress> servers, HostsFileParser hosts) {
    this.servers = List.copyOf(servers);
    var cache = new Cache();
    cache.setMaxCache(MAX_TTL_SECONDS);
    cache.setMaxNCache(MAX_NEGATIVE_TTL_SECONDS);
    session =
        LookupSession.builder()
            .resolver(resolver(servers))
            .cache(cache)
            .hostsFileParser(hosts)
            .build();
  }

  List<InetSocketAddress> servers() {
    return servers;
  }

  /** Checks of one host that run at the same time ask once. */
  CompletableFuture<Answer> ask(Name name, int type) {
    var question = new Question(name, type);
    var mine = new CompletableFuture<Answer>();
    var others = asked.putIfAbsent(question, mine);
    if (others != null) {
      return others;
    }
    try {
      session
          .lookupAsync(name, type)
          .whenComplete(
              (result, failure) ->
                  answered(
                      question,
                      mine,
                      failure == null ? found(result.getRecords()) : judged(unwrapped(failure))));
    } catch (RuntimeException e) {
      // It could not even begin: without this everybody after us would wait for it.
      answered(question, mine, judged(e));
    }
    return mine;
  }

  private void answered(Question question, CompletableFuture<Answer> waiting, Answer answer) {
    asked.remove(question);
    waiting.complete(answer);
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
            .map(Lookups::nameless)
            .toList();
    return addresses.isEmpty() ? new Answer.None() : new Answer.Found(addresses);
  }

  private static Answer judged(Throwable failure) {
    return switch (failure) {
      case NoSuchDomainException _, NoSuchRRSetException _ -> new Answer.None();
      default -> new Answer.Failed(failure);
    };
  }

  static Throwable unwrapped(Throwable failure) {
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
