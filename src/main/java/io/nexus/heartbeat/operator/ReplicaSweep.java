package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.act.OverdueReplicas;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the start, and now and then, for what was scaled up and no monitor remembers. */
final class ReplicaSweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaSweep.class);
  private static final int EVERY_MINUTES = 10;

  private final OverdueReplicas overdue;
  private final Supplier<Collection<String>> namespaces;
  private final ScheduledExecutorService timetable =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("replica-sweep").daemon().factory());

  ReplicaSweep(OverdueReplicas overdue, Supplier<Collection<String>> namespaces) {
    this.overdue = overdue;
    this.namespaces = namespaces;
  }

  void start() {
    var _ = timetable.scheduleWithFixedDelay(this::sweep, 0, EVERY_MINUTES, TimeUnit.MINUTES);
  }

  private void sweep() {
    try {
      for (var namespace : namespaces.get()) {
        sweep(namespace);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("whether replicas have to be put back cannot be told, which is a bug", e);
    }
  }

  /** Where nothing may be repaired nothing was scaled. */
  private void sweep(String namespace) throws InterruptedException {
    try {
      overdue.putBack(namespace);
    } catch (KubernetesClientException e) {
      log.debug("{}: no look for raised replicas: {}", namespace, ApiFailure.words(e));
    }
  }

  @Override
  public void close() {
    timetable.shutdownNow();
  }
}
