package io.nexus.heartbeat.engine;

import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.act.Workloads.Outcome;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Repair;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.decide.ActResult;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what is written down, and only as long as it stands there. */
final class Performer {
  private static final Logger log = LoggerFactory.getLogger(Performer.class);

  /**
   * An act that failed is not tried again before: the API server, or a webhook, has its troubles.
   */
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);

  /** Plans remembered that failed; there are few, and each is over in minutes. */
  private static final int MOST_FAILED = 1_000;

  private final Home home;
  private final EngineListener listener;
  private final LongSupplier nanos;

  /** On the monotonic clock, when a plan may be tried again. */
  private final Map<String, Long> failed =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_FAILED;
        }
      };

  Performer(Home home, EngineListener listener) {
    this(home, listener, System::nanoTime);
  }

  Performer(Home home, EngineListener listener, LongSupplier nanos) {
    this.home = home;
    this.listener = listener;
    this.nanos = nanos;
  }

  /** Whether any of these is to be tried now. */
  boolean isTurnOf(List<Plan> due) {
    return due.stream().anyMatch(this::isTurnOf);
  }

  private synchronized boolean isTurnOf(Plan plan) {
    var from = failed.get(plan.id());
    return from == null || nanos.getAsLong() - from >= 0;
  }

  private synchronized void rest(Plan plan) {
    failed.put(plan.id(), nanos.getAsLong() + AFTER_A_FAILURE.toNanos());
  }

  /**
   * @param stored the monitor as it was just written, with these plans in its status
   * @return what came of those whose outcome is known, by plan id
   */
  Map<String, ActResult> perform(MonitorKey key, HeartbeatMonitor stored, List<Plan> due)
      throws Unavailable, InterruptedException {
    var results = new HashMap<String, ActResult>();
    for (var plan : due) {
      if (!isTurnOf(plan)) {
        continue;
      }
      if (!isStillPlanned(key, stored, plan)) {
        log.warn("{}: {} is no longer planned; nothing was done", key, plan.id());
        continue;
      }
      switch (paid(key, plan)) {
        case Outcome.Done _ -> {
          log.info("{}: restarted {} (action {})", key, plan.workload(), plan.id());
          listener.acted(key, plan, "done", "");
          results.put(plan.id(), new ActResult.Done());
        }
        case Outcome.Refused(var why) -> {
          log.warn("{}: did not restart {}: {}", key, plan.workload(), why);
          listener.acted(key, plan, "refused", why);
          results.put(plan.id(), new ActResult.Refused(why));
        }
        case Outcome.Failed(var why) -> {
          log.warn("{}: restarting {} failed, will try again: {}", key, plan.workload(), why);
          listener.acted(key, plan, "failed", why);
          rest(plan);
        }
      }
    }
    return results;
  }

  /** Spent first: whoever dies in between has spent it. */
  private Outcome paid(MonitorKey key, Plan plan) throws InterruptedException {
    var closed = home.budget().spend(key.namespace(), plan.id());
    return closed.isPresent()
        ? new Outcome.Refused("shared budget: " + closed.get())
        : home.workloads().restart(key.namespace(), plan);
  }

  /**
   * Takes care that what a decision gives up is not done by somebody who has not heard of it,
   * before the decision is written down.
   *
   * @return the plans that were done already, by plan id: then it has to be decided again
   * @throws Unavailable it could not be seen to; the decision must not be stored
   */
  Map<String, ActResult> callOff(MonitorKey key, HeartbeatMonitor decidedOn, MonitorStatus next)
      throws Unavailable, InterruptedException {
    var kept = plans(next).map(Plan::id).collect(toSet());
    var done = new HashMap<String, ActResult>();
    for (var plan : planned(decidedOn).filter(p -> !kept.contains(p.id())).toList()) {
      switch (home.workloads().callOff(key.namespace(), plan)) {
        case Outcome.Done _ -> done.put(plan.id(), new ActResult.Done());
        case Outcome.Refused _ -> log.info("{}: called off {}", key, plan.id());
        case Outcome.Failed(var why) ->
            throw new Unavailable("a restart cannot be called off: " + why, null);
      }
    }
    return done;
  }

  private static Stream<Plan> planned(HeartbeatMonitor monitor) {
    return monitor.getStatus() == null
        ? Stream.empty()
        : repairs(monitor.getStatus())
            .filter(repair -> repair.phase() == RepairPhase.Planned)
            .map(Repair::plan)
            .filter(Objects::nonNull);
  }

  private static Stream<Plan> plans(MonitorStatus status) {
    return repairs(status).map(Repair::plan).filter(Objects::nonNull);
  }

  private static Stream<Repair> repairs(MonitorStatus status) {
    return status.state().incidents().stream().map(Incident::repair).filter(Objects::nonNull);
  }

  /**
   * This process may have been frozen since it wrote the plan, and another one gone on, or a person
   * changed what is declared.
   */
  private boolean isStillPlanned(MonitorKey key, HeartbeatMonitor stored, Plan plan)
      throws Unavailable {
    var live = home.statuses().read(key);
    return live.isPresent()
        && live.get().getStatus() != null
        && live.get().getMetadata().getUid().equals(stored.getMetadata().getUid())
        && Schedule.generation(live.get()) == Schedule.generation(stored)
        && planned(live.get()).anyMatch(p -> p.id().equals(plan.id()));
  }
}
