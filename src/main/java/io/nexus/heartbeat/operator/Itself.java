package io.nexus.heartbeat.operator;

import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Literals;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.operator.OwnAddresses.Holder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that no watch tells: those of this machine or pod, and where we ourselves reach the
 * API server. Both may change while we run, so they are looked at again every minute.
 */
final class Itself implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Itself.class);
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Holder OURSELVES =
      new Holder("an address of Heartbeat itself", OwnAddresses.EVERYBODY);

  /** What was last known of each host that the API server is reached by. */
  private final Map<String, Set<InetAddress>> apiServer = new HashMap<>();

  private final Supplier<Set<InetAddress>> interfaces;
  private final OwnAddresses addresses;
  private final Dialer machine = VettedDialer.ofThisMachine(AddressPolicy.host());
  private final Set<String> unresolved = new HashSet<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("own-addresses").daemon().factory());

  /**
   * @param apiServer the host that we are configured with
   */
  Itself(String apiServer, Supplier<Set<InetAddress>> interfaces, OwnAddresses addresses) {
    this.apiServer.put(apiServer, Set.of());
    // With a KUBECONFIG inside a cluster these are two.
    var inside = System.getenv("KUBERNETES_SERVICE_HOST");
    if (inside != null && !inside.isEmpty()) {
      this.apiServer.put(inside, Set.of());
    }
    this.interfaces = interfaces;
    this.addresses = addresses;
  }

  void start() {
    look();
    clock.scheduleWithFixedDelay(
        this::look, AGAIN.toMillis(), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    addresses.hold(OURSELVES, interfaces.get());
    apiServer.replaceAll(this::resolved);
    addresses.hold(
        OwnKind.API_SERVER,
        apiServer.values().stream().flatMap(Set::stream).collect(Collectors.toSet()));
  }

  private Set<InetAddress> resolved(String host, Set<InetAddress> before) {
    var literal = Literals.parse(host);
    if (literal != null) {
      return Set.of(literal);
    }
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(PATIENCE)) {
      var found = Set.copyOf(machine.resolve(host, deadline));
      unresolved.remove(host);
      return found;
    } catch (IOException e) {
      // The client may have its own way to it, such as a proxy; then there is nothing to refuse.
      if (unresolved.add(host)) {
        log.warn("cannot refuse to open the address of the API server: {}", e.getMessage());
      }
      return before;
    }
  }

  /** Of all interfaces, without the names of their zones. */
  static Set<InetAddress> interfaces() {
    var found = new HashSet<InetAddress>();
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .forEach(
              address -> {
                try {
                  found.add(InetAddress.getByAddress(address.getAddress()));
                } catch (UnknownHostException e) {
                  throw new IllegalStateException(e); // its own bytes are an address
                }
              });
    } catch (SocketException e) {
      log.warn("cannot read the addresses of this machine: {}", e.getMessage());
    }
    return found;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
