package io.nexus.heartbeat.operator;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who of this installation has which address. Watches write it; every check reads it, without a
 * lock and without walking anything.
 */
final class OwnAddresses {
  /** The namespace of what is refused to every monitor. */
  static final String EVERYBODY = "";

  /**
   * @param what it is, for a person: {@code Service other/redis}
   * @param namespace whose monitors may open it; {@link #EVERYBODY} is refused it
   */
  record Holder(String what, String namespace) {}

  private final Map<InetAddress, List<Holder>> holders = new ConcurrentHashMap<>();
  private final Map<Holder, Set<InetAddress>> held = new HashMap<>();
  private final ReentrantLock writing = new ReentrantLock();

  /** From now on these and no others; none when it is gone. */
  void hold(Holder holder, Set<InetAddress> addresses) {
    writing.lock();
    try {
      var replaced = addresses.isEmpty() ? held.remove(holder) : held.put(holder, addresses);
      var before = replaced == null ? Set.<InetAddress>of() : replaced;
      for (var address : addresses) {
        if (!before.contains(address)) {
          holders.merge(address, List.of(holder), (there, _) -> plus(there, holder));
        }
      }
      for (var address : before) {
        if (!addresses.contains(address)) {
          holders.computeIfPresent(address, (_, there) -> without(there, holder));
        }
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * What it is to a monitor of that namespace; empty when it may be opened. An address that a
   * Service there shares with anything else of the installation is refused: an author may write any
   * address into {@code externalIPs}, and must not gain it by that.
   */
  Optional<String> what(InetAddress address, String namespace) {
    var there = holders.get(address);
    if (there != null) {
      for (var holder : there) {
        if (!holder.namespace.equals(namespace)) {
          return Optional.of(holder.what);
        }
      }
    }
    return Optional.empty();
  }

  /** What is refused to everybody first: it says more than the Service in front of it. */
  private static List<Holder> plus(List<Holder> there, Holder holder) {
    return holder.namespace.equals(EVERYBODY)
        ? Stream.concat(Stream.of(holder), there.stream()).toList()
        : Stream.concat(there.stream(), Stream.of(holder)).toList();
  }

  private static @Nullable List<Holder> without(List<Holder> there, Holder holder) {
    var rest = there.stream().filter(it -> !it.equals(holder)).toList();
    return rest.isEmpty() ? null : rest;
  }
}
