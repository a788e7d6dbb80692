package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The Services and EndpointSlices of one namespace, or of all, by two watches: a thousand checks of
 * Services cost the API server nothing.
 */
final class ServiceWatch implements AutoCloseable {
  /** On every slice: the Service it belongs to. */
  private static final String SERVICE = "kubernetes.io/service-name";

  private static final String BY_SERVICE = "service";
  private static final int PATIENCE_SECONDS = 3;

  /** A watch that ends begins anew at once; after this, what it last saw may be gone. */
  private static final Duration GAP = Duration.ofSeconds(10);

  private final String scope;
  private final Watched<Service> services;
  private final Watched<EndpointSlice> slices;

  /**
   * @param scope the namespace; null: all
   */
  ServiceWatch(KubernetesClient client, @Nullable String scope, InstantSource clock) {
    this.scope = scope == null ? "" : scope;
    services =
        new Watched<>(
            scope == null
                ? client.services().inAnyNamespace()
                : client.services().inNamespace(scope),
            Map.of(),
            clock);
    var all = client.discovery().v1().endpointSlices();
    slices =
        new Watched<>(
            scope == null ? all.inAnyNamespace() : all.inNamespace(scope),
            Map.of(BY_SERVICE, slice -> List.of(ownerOf(slice))),
            clock);
  }

  private static String ownerOf(EndpointSlice slice) {
    var labels = slice.getMetadata().getLabels();
    return slice.getMetadata().getNamespace()
        + "/"
        + (labels == null ? "" : labels.getOrDefault(SERVICE, ""));
  }

  Optional<Service> service(String namespace, String name) throws NotTold {
    return Optional.ofNullable(
        services.current(namespace).getIndexer().getByKey(Cache.namespaceKeyFunc(namespace, name)));
  }

  List<EndpointSlice> slicesOf(String namespace, String name) throws NotTold {
    return slices.current(namespace).getIndexer().byIndex(BY_SERVICE, namespace + "/" + name);
  }

  @Override
  public void close() {
    services.informer.stop();
    slices.informer.stop();
  }

  @Override
  public String toString() {
    return "watch of the Services of " + (scope.isEmpty() ? "all namespaces" : scope);
  }

  /** An informer that never gives up, and knows why it is not there yet, or not any more. */
  private static final class Watched<T extends HasMetadata> {
    private final SharedIndexInformer<T> informer;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable Instant> brokenSince = new AtomicReference<>();
    private final InstantSource clock;

    Watched(
        Informable<T> what, Map<String, Function<T, List<String>>> indexers, InstantSource clock) {
      this.clock = clock;
      informer =
          what.runnableInformer(0)
              .addIndexers(indexers)
              .exceptionHandler(
                  (_, thrown) -> {
                    failure.set(thrown);
                    brokenSince.compareAndSet(null, clock.instant());
                    return true;
                  });
      var _ = informer.start();
    }

    /** What it last saw is not told for long once it does not see any more. */
    SharedIndexInformer<T> current(String namespace) throws NotTold {
      awaitFirst(namespace);
      if (informer.isWatching()) {
        brokenSince.set(null);
        return informer;
      }
      brokenSince.compareAndSet(null, clock.instant());
      var since = brokenSince.get();
      if (since != null && Duration.between(since, clock.instant()).compareTo(GAP) >= 0) {
        throw new NotTold(words(namespace));
      }
      return informer;
    }

    private void awaitFirst(String namespace) throws NotTold {
      if (informer.hasSynced()) {
        return;
      }
      try {
        informer.start().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        throw new NotTold(words(namespace));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new NotTold("interrupted while the Services of " + namespace + " were read");
      }
    }

    private String words(String namespace) {
      var e = ApiFailure.in(failure.get());
      if (e == null) {
        return "the Services of namespace %s are not known %s: the API server does not answer"
            .formatted(namespace, informer.hasSynced() ? "any more" : "yet");
      }
      return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
          ? "Heartbeat may not see the Services of namespace %s: %s"
              .formatted(namespace, ApiFailure.grant(e, ClusterStatusStore.WATCHER_ROLE, namespace))
          : "the Services of namespace %s cannot be read: %s"
              .formatted(namespace, ApiFailure.words(e));
    }
  }
}
