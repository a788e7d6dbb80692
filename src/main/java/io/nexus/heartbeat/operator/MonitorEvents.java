package io.nexus.heartbeat.operator;

import static java.util.stream.Collectors.toSet;

import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.dependent.RecentOperationCacheFiller;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.MonitorKey;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the reconciler for a monitor, knows which monitors there are, and says at once when one is
 * gone: deleted, being deleted, or no longer selected.
 */
final class MonitorEvents extends AbstractEventSource<Void, HeartbeatMonitor>
    implements ResourceEventAware<HeartbeatMonitor> {
  private final Consumer<MonitorKey> gone;
  private volatile @Nullable IndexerResourceCache<HeartbeatMonitor> known;
  private volatile boolean ending;

  MonitorEvents(Consumer<MonitorKey> gone) {
    super(Void.class, "heartbeat-wake");
    this.gone = gone;
  }

  void attach(EventSourceContext<HeartbeatMonitor> context) {
    known = context.getPrimaryCache();
  }

  /**
   * Makes the reconciler look at the monitor soon. Before the start everything is looked at anyway.
   */
  void wake(MonitorKey key) {
    if (isRunning()) {
      getEventHandler().handleEvent(new Event(id(key)));
    }
  }

  /**
   * Puts what the API server answered into the SDK's cache, where it stands until the watch has
   * brought it or something newer; the next turn must not decide on an older one. The SDK does the
   * same behind {@code context.resourceOperations()}, which exists only inside a reconciliation.
   */
  void remember(HeartbeatMonitor stored) {
    if (isRunning() && known instanceof RecentOperationCacheFiller<?> cache) {
      fill(cache, stored);
    }
  }

  @SuppressWarnings("unchecked") // the primary cache holds monitors
  private static void fill(RecentOperationCacheFiller<?> cache, HeartbeatMonitor stored) {
    ((RecentOperationCacheFiller<HeartbeatMonitor>) cache)
        .handleRecentResourceUpdate(ResourceID.fromResource(stored), stored, stored);
  }

  /**
   * To be called before the SDK is stopped: what is missing from then on is not gone, but unseen.
   */
  void ending() {
    ending = true;
  }

  /** False for one that is being deleted, too. */
  boolean isThere(MonitorKey key) {
    var there = cached(key).filter(monitor -> !monitor.isMarkedForDeletion()).isPresent();
    return there || ending;
  }

  /** Empty when it is not known; an Event without it is not shown by {@code kubectl describe}. */
  String uidOf(MonitorKey key) {
    return cached(key).map(monitor -> monitor.getMetadata().getUid()).orElse("");
  }

  /** Those that have a monitor. */
  Set<String> namespaces() {
    var cache = known;
    return cache == null
        ? Set.of()
        : cache.list().map(it -> it.getMetadata().getNamespace()).collect(toSet());
  }

  private Optional<HeartbeatMonitor> cached(MonitorKey key) {
    var cache = known;
    if (cache == null) {
      return Optional.empty();
    }
    try {
      return cache.get(id(key));
    } catch (NoSuchElementException _) { // the SDK's answer once it was stopped
      return Optional.empty();
    }
  }

  @Override
  public void onResourceCreated(HeartbeatMonitor monitor) {
    if (monitor.isMarkedForDeletion()) {
      gone.accept(MonitorKey.of(monitor));
    }
  }

  @Override
  public void onResourceUpdated(HeartbeatMonitor monitor, HeartbeatMonitor before) {
    // After a gap in the watch a new one under the same name looks like an update of the old.
    if (monitor.isMarkedForDeletion()
        || !Objects.equals(monitor.getMetadata().getUid(), before.getMetadata().getUid())) {
      gone.accept(MonitorKey.of(monitor));
    }
  }

  @Override
  public void onResourceDeleted(HeartbeatMonitor monitor) {
    gone.accept(MonitorKey.of(monitor));
  }

  @Override
  public Set<Void> getSecondaryResources(HeartbeatMonitor monitor) {
    return Set.of();
  }

  /** What is worth a turn: never our own writing of the status. */
  static boolean isNews(HeartbeatMonitor now, HeartbeatMonitor before) {
    var newest = now.getMetadata();
    var old = before.getMetadata();
    return !Objects.equals(newest.getGeneration(), old.getGeneration())
        || !Objects.equals(newest.getUid(), old.getUid())
        || !Objects.equals(newest.getDeletionTimestamp(), old.getDeletionTimestamp())
        || !orders(newest.getAnnotations()).equals(orders(old.getAnnotations()));
  }

  private static Map<String, String> orders(@Nullable Map<String, String> annotations) {
    var orders = new HashMap<String, String>();
    Objects.requireNonNullElse(annotations, Map.<String, String>of())
        .forEach(
            (name, value) -> {
              if (name.startsWith(HeartbeatMonitor.GROUP + "/")) {
                orders.put(name, value);
              }
            });
    return orders;
  }

  private static ResourceID id(MonitorKey key) {
    return new ResourceID(key.name(), key.namespace());
  }
}
