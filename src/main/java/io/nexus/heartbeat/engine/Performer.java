package io.nexus.heartbeat.engine;

import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.ActResult;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
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

  /** To be done, or to be finished by whoever finds it begun. */
  private static final Set<RepairPhase> STANDING =
      Set.of(RepairPhase.Planned, RepairPhase.Executing);

  private final Home home;
  private final EngineListener listener;
  private final UnaryOperator<String> mask;
  private final LongSupplier nanos;

  /**
   * @param again on the monotonic clock, when the plan may be tried again
   */
  private record Failure(long again, String why) {}

  private final Map<String, Failure> failed =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failure> eldest) {
          return size() > MOST_FAILED;
        }
      };

  /**
   * @param mask takes known secrets out of what was answered
   */
  Performer(Home home, EngineListener listener, UnaryOperator<String> mask) {
    this(home, listener, mask, System::nanoTime);
  }

  Performer(Home home, EngineListener listener, UnaryOperator<String> mask, LongSupplier nanos) {
    this.mask = mask;
    this.home = home;
    this.listener = listener;
    this.nanos = nanos;
  }

  /** Whether any of these is to be tried now. */
  boolean isTurnOf(List<Due> due) {
    return due.stream().map(Due::plan).anyMatch(this::isTurnOf);
  }

  private synchronized boolean isTurnOf(Plan plan) {
    var last = failed.get(plan.id());
    return last == null || nanos.getAsLong() - last.again() >= 0;
  }

  private synchronized void rest(Plan plan, String why) {
    failed.put(plan.id(), new Failure(nanos.getAsLong() + AFTER_A_FAILURE.toNanos(), why));
  }

  /** The same is said once, however often it is tried. */
  private synchronized boolean isNew(Plan plan, String why) {
    var last = failed.get(plan.id());
    return last == null || !last.why().equals(why);
  }

  /**
   * @param stored the monitor as it was just written, with these plans in its status
   * @return what came of those whose outcome is known, by plan id
   */
  Map<String, ActResult> perform(MonitorKey key, HeartbeatMonitor stored, List<Due> due)
      throws Unavailable, InterruptedException {
    var results = new HashMap<String, ActResult>();
    for (var each : due) {
      var plan = each.plan();
      if (!isTurnOf(plan)) {
        continue;
      }
      if (!isStillPlanned(key, stored, plan)) {
        log.warn("{}: {} is no longer planned; nothing was done", key, plan.id());
        continue;
      }
      switch (masked(paid(key, stored, each))) {
        case Outcome.Done _ -> {
          log.info("{}: {} (action {})", key, each.action().past(), plan.id());
          listener.acted(key, each, "done", "");
          results.put(plan.id(), new ActResult.Done());
        }
        case Outcome.Refused(var why) -> {
          log.warn("{}: did not {}: {}", key, plan.action(), why);
          listener.acted(key, each, "refused", why);
          rest(plan, why);
          results.put(plan.id(), new ActResult.Refused(why));
        }
        case Outcome.Failed(var why) -> {
          if (isNew(plan, why)) {
            log.warn("{}: {} failed, will try again: {}", key, plan.action(), why);
          }
          listener.acted(key, each, "failed", why);
          results.put(plan.id(), new ActResult.NotYet(why));
          rest(plan, why);
        }
      }
    }
    return results;
  }

  /** A program of one's own may answer with what it was sent. */
  private Outcome masked(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> done;
      case Outcome.Refused(var why) -> new Outcome.Refused(mask.apply(why));
      case Outcome.Failed(var why) -> new Outcome.Failed(mask.apply(why));
    };
  }

  /** Spent first: whoever dies in between has spent it. */
  private Outcome paid(MonitorKey key, HeartbeatMonitor stored, Due due)
      throws InterruptedException {
    var closed = home.budget().spend(key.namespace(), due.plan().id());
    return closed.isPresent()
        ? new Outcome.Refused("shared budget: " + closed.get())
        : home.actor().perform(ref(stored), due);
  }

  /**
   * @return those that have the replicas again which they had, or that somebody set otherwise
   */
  Set<WorkloadRef> putBack(MonitorRef monitor, List<Raised> raised) throws InterruptedException {
    var done = new HashSet<WorkloadRef>();
    for (var each : raised) {
      var workload = each.workload();
      switch (home.actor().putBack(monitor, each)) {
        case Outcome.Done _ -> done.add(workload);
        case Outcome.Refused(var why) -> {
          log.warn("{}: the replicas of {} are not put back: {}", monitor.name(), workload, why);
          if (why.endsWith(Outcome.GONE)) {
            done.add(workload);
          }
        }
        case Outcome.Failed(var why) ->
            log.warn(
                "{}: the replicas of {} could not be put back, will try again: {}",
                monitor.name(),
                workload,
                why);
      }
    }
    return done;
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
    var kept = plans(next, EnumSet.allOf(RepairPhase.class)).map(Plan::id).collect(toSet());
    var done = new HashMap<String, ActResult>();
    for (var plan : planned(decidedOn).filter(p -> !kept.contains(p.id())).toList()) {
      switch (home.actor().callOff(ref(decidedOn), plan)) {
        case Outcome.Done _ -> done.put(plan.id(), new ActResult.Done());
        case Outcome.Refused _ -> log.info("{}: called off {}", key, plan.id());
        case Outcome.Failed(var why) ->
            throw new Unavailable(plan.action() + " cannot be called off: " + why, null);
      }
    }
    return done;
  }

  private static Stream<Plan> planned(HeartbeatMonitor monitor) {
    return monitor.getStatus() == null
        ? Stream.empty()
        : plans(monitor.getStatus(), Set.of(RepairPhase.Planned));
  }

  private static Stream<Plan> plans(MonitorStatus status, Set<RepairPhase> in) {
    return repairs(status)
        .filter(repair -> in.contains(repair.phase()))
        .map(Repair::plan)
        .filter(Objects::nonNull);
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
        && plans(live.get().getStatus(), STANDING).anyMatch(plan::equals)
        && !isToBePaused(live.get());
  }

  /** A person said so since: the next turn hears it, and this is called off. */
  private static boolean isToBePaused(HeartbeatMonitor live) {
    var pause = Order.in(live.getMetadata().getAnnotations()).get(Order.Pause);
    return pause != null && live.getStatus().state().orders().of(Order.Pause, pause).isEmpty();
  }

  static MonitorRef ref(HeartbeatMonitor monitor) {
    var metadata = monitor.getMetadata();
    return new MonitorRef(metadata.getNamespace(), metadata.getName(), metadata.getUid());
  }
}
