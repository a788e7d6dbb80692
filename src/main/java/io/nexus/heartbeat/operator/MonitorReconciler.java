package io.nexus.heartbeat.operator;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import io.nexus.heartbeat.engine.Turns;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One turn of the engine whenever a monitor, a reading or the time asks for it. */
@ControllerConfiguration(name = "heartbeat", generationAwareEventProcessing = false)
final class MonitorReconciler implements Reconciler<HeartbeatMonitor> {
  private static final Logger log = LoggerFactory.getLogger(MonitorReconciler.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 6;

  /** At least now and then, whatever the engine says. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Turns turns;
  private final MonitorEvents events;
  private final Complaints complaints;
  private final InstantSource clock;
  private final Map<MonitorKey, Integer> failures = new ConcurrentHashMap<>();

  MonitorReconciler(Turns turns, MonitorEvents events, Complaints complaints, InstantSource clock) {
    this.turns = turns;
    this.events = events;
    this.complaints = complaints;
    this.clock = clock;
  }

  @Override
  public UpdateControl<HeartbeatMonitor> reconcile(
      HeartbeatMonitor monitor, Context<HeartbeatMonitor> context) throws InterruptedException {
    var key = MonitorKey.of(monitor);
    try {
      return lookAgain(turn(key, monitor));
    } catch (Unavailable e) {
      return lookAgainAfter(unavailable(key, e));
    } catch (RuntimeException e) {
      return lookAgainAfter(failed(key, monitor, e));
    } finally {
      forgetIfGone(key);
    }
  }

  private Instant turn(MonitorKey key, HeartbeatMonitor monitor)
      throws Unavailable, InterruptedException {
    if (monitor instanceof UnreadableMonitor unreadable) {
      turns.forget(key);
      complaints.unreadable(unreadable);
      // An edit wakes us; this is for a status that could not be written.
      return clock.instant().plus(Duration.ofMinutes(5));
    }
    var next = turns.turn(monitor);
    failures.remove(key);
    return next;
  }

  /** The API server's fault, or a right that is missing: the engine has said so, once. */
  private Duration unavailable(MonitorKey key, Unavailable e) {
    var delay = delayAfter(failures.merge(key, 1, Integer::sum));
    log.debug("monitor {}: {}; trying again in {} s", key, e.getMessage(), delay.toSeconds());
    return delay;
  }

  private static Duration delayAfter(int failures) {
    return FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
  }

  /** Our own mistake, or something nobody thought of: said once, and tried again, ever slower. */
  private Duration failed(MonitorKey key, HeartbeatMonitor monitor, RuntimeException e) {
    var times = failures.merge(key, 1, Integer::sum);
    var delay = delayAfter(times);
    if (times == 1) {
      log.error("monitor {} could not be processed; trying again in {}", key, delay, e);
    } else {
      log.warn(
          "monitor {} could not be processed, {} times in a row: {}; trying again in {}",
          key,
          times,
          e.toString(),
          delay);
    }
    complaints.failed(monitor);
    return delay;
  }

  /** It may have gone while its turn put it back on the schedule. */
  private void forgetIfGone(MonitorKey key) {
    if (!events.isThere(key)) {
      turns.forget(key);
      failures.remove(key);
    }
  }

  private UpdateControl<HeartbeatMonitor> lookAgain(Instant next) {
    var now = clock.instant();
    var latest = now.plus(LONGEST);
    return lookAgainAfter(Duration.between(now, next.isAfter(latest) ? latest : next));
  }

  private static UpdateControl<HeartbeatMonitor> lookAgainAfter(Duration delay) {
    return UpdateControl.<HeartbeatMonitor>noUpdate()
        .rescheduleAfter(Duration.ofMillis(Math.max(1, delay.toMillis())));
  }

  @Override
  public List<EventSource<?, HeartbeatMonitor>> prepareEventSources(
      EventSourceContext<HeartbeatMonitor> context) {
    events.attach(context);
    return List.of(events);
  }
}
