package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the API server still has HeartbeatMonitors for us. A watch that is cut waits in silence,
 * and where no monitor is left no turn fails either: without this an operator whose resource was
 * deleted would look well for ever.
 */
final class Lifeline implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lifeline.class);
  private static final Duration EVERY = Duration.ofSeconds(30);

  /** An API server that restarts is back by then. */
  private static final Duration BORNE = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final InstantSource clock;
  private final ScheduledExecutorService timetable =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("lifeline").daemon().factory());
  private volatile @Nullable Failure failure;

  private record Failure(Instant since, String words, boolean said) {}

  Lifeline(KubernetesClient client, Settings settings, InstantSource clock) {
    this.client = client;
    this.namespaces = settings.namespaces();
    this.clock = clock;
  }

  void start() {
    var _ =
        timetable.scheduleWithFixedDelay(
            this::look, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  /** Why there is nothing to be had, once that has been so for a minute. */
  Optional<String> trouble() {
    var known = failure;
    return known == null || clock.instant().isBefore(known.since().plus(BORNE))
        ? Optional.empty()
        : Optional.of("the HeartbeatMonitors cannot be read: " + known.words());
  }

  void look() {
    try {
      ask();
      if (failure != null && failure.said()) {
        log.info("the HeartbeatMonitors can be read again");
      }
      failure = null;
    } catch (KubernetesClientException e) {
      failed(words(e));
    } catch (RuntimeException e) {
      log.error("whether the HeartbeatMonitors can be read cannot be told, which is a bug", e);
    }
  }

  /** As little as there is: one monitor at most. */
  private void ask() {
    var one = new ListOptionsBuilder().withLimit(1L).build();
    var monitors = client.resources(HeartbeatMonitor.class);
    if (namespaces.isEmpty()) {
      monitors.inAnyNamespace().list(one);
    } else {
      namespaces.forEach(namespace -> monitors.inNamespace(namespace).list(one));
    }
  }

  private void failed(String words) {
    var since = failure == null ? clock.instant() : failure.since();
    var said = failure != null && failure.said();
    failure = new Failure(since, words, said || !clock.instant().isBefore(since.plus(BORNE)));
    if (!said && failure.said()) {
      log.error(
          "the HeartbeatMonitors cannot be read, so edits are not seen, and where none is left"
              + " nothing is watched (it is tried on): {}",
          words);
    }
  }

  private static String words(KubernetesClientException e) {
    return e.getCode() == 404
        ? "the cluster does not know the resource any more. To install it: heartbeat crd | kubectl"
            + " apply --server-side -f -"
        : ApiFailure.words(e);
  }

  @Override
  public void close() {
    timetable.shutdownNow();
  }
}
