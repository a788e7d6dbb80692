package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.net.AddressPolicy.Own;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link OwnAddresses} as the cluster is: its nodes, its API server, every namespace's
 * Services, by one watch each, and Heartbeat itself.
 *
 * <p>What Heartbeat may not read it cannot refuse, and says so at the start. What it may read and
 * does not know yet makes every address Unknown that is not allowed outright.
 */
final class OwnWatches implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OwnWatches.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Of one page of a list; a node is some 20 kB of JSON, of which a few addresses are kept. */
  private static final long PAGE = 200;

  private final KubernetesClient client;
  private final OwnAddresses addresses = new OwnAddresses();
  private final Itself itself;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final List<CompletableFuture<Void>> starting = new ArrayList<>();

  /** Titles of what is not known yet; something until the start, so that nothing passes before. */
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Throwable failure;

  OwnWatches(KubernetesClient client) {
    this(client, Itself::interfaces);
  }

  /**
   * @param interfaces the addresses of this machine, or of this pod
   */
  OwnWatches(KubernetesClient client, Supplier<Set<InetAddress>> interfaces) {
    this.client = client;
    itself = new Itself(client.getMasterUrl().getHost(), interfaces, addresses);
    waiting.addAll(
        List.of(
            OwnKind.NODES.title(), OwnKind.API_SERVER_ENDPOINTS.title(), OwnKind.SERVICES.title()));
  }

  /** What a monitor of that namespace must not open unless an administrator allows it. */
  Own seenFrom(String namespace) {
    return new Own() {
      @Override
      public Optional<String> what(InetAddress address) {
        return addresses.what(address, namespace);
      }

      @Override
      public Optional<String> pending() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(whyNotYet());
      }
    };
  }

  /**
   * Returns when all is known, or after some seconds; then checks say what is awaited.
   *
   * @throws CannotStart the API server does not say what we may read
   */
  void start() throws CannotStart {
    itself.start();
    try {
      watch(OwnKind.NODES, client.nodes(), Node::new);
      watch(OwnKind.SERVICES, client.services().inAnyNamespace(), Service::new);
      watch(
          OwnKind.API_SERVER_ENDPOINTS,
          client
              .discovery()
              .v1()
              .endpointSlices()
              .inNamespace(OwnKind.API_SERVER_NAMESPACE)
              .withName(OwnKind.API_SERVER_NAME),
          EndpointSlice::new);
    } catch (KubernetesClientException e) {
      throw new CannotStart(client.getMasterUrl() + ": " + ApiFailure.words(e), e);
    }
    await(starting);
  }

  private <T extends HasMetadata> void watch(
      OwnKind<T> kind, Informable<T> objects, Supplier<T> empty) {
    var lacking =
        kind.rights().stream().filter(right -> !right.isGiven(client, kind.namespace())).toList();
    if (!lacking.isEmpty()) {
      log.warn(
          "Heartbeat may not {}, so monitors can reach {} through it. To refuse them: kubectl apply"
              + " -f k8s/own-addresses.yaml, and restart Heartbeat",
          String.join(" and ", lacking.stream().map(Right::toString).toList()),
          kind.title());
      waiting.remove(kind.title());
      return;
    }
    var informer =
        objects
            .withLimit(PAGE)
            .runnableInformer(0)
            .removeNamespaceIndex()
            .itemStore(new AddressStore<>(kind, empty, addresses))
            .exceptionHandler(
                (_, thrown) -> {
                  failure = thrown;
                  return true;
                });
    informers.add(informer);
    starting.add(
        informer.start().thenRun(() -> waiting.remove(kind.title())).toCompletableFuture());
  }

  private void await(Collection<CompletableFuture<Void>> futures) {
    try {
      CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      log.warn("starting without knowing all of the cluster's own addresses: {}", whyNotYet());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String whyNotYet() {
    var titles = String.join(", ", waiting.stream().sorted().toList());
    var said = ApiFailure.in(failure);
    return said == null
        ? "%s are not known yet".formatted(titles)
        : "%s are not known yet: %s".formatted(titles, ApiFailure.words(said));
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
    itself.close();
  }
}
