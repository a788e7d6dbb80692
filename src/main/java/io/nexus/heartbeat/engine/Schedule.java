package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.check.Checks;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.decide.Conditions;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which targets are checked when, outside the reconciler. What is known of a target outlives every
 * edit that does not change its check.
 */
final class Schedule implements AutoCloseable {
  /** At most so long until a new target's first check, however long its interval. */
  private static final Duration SPREAD = Duration.ofSeconds(2);

  private final Function<MonitorKey, Surroundings> surroundings;
  private final Deadlines deadlines;
  private final UnaryOperator<String> mask;
  private final InstantSource clock;
  private final EngineListener listener;
  private final Consumer<MonitorKey> wake;
  private final Map<MonitorKey, Watch> watches = new ConcurrentHashMap<>();
  private final Map<MonitorKey, Set<String>> attentive = new ConcurrentHashMap<>();

  Schedule(
      Function<MonitorKey, Surroundings> surroundings,
      Deadlines deadlines,
      UnaryOperator<String> mask,
      InstantSource clock,
      EngineListener listener,
      Consumer<MonitorKey> wake) {
    this.surroundings = surroundings;
    this.deadlines = deadlines;
    this.mask = mask;
    this.clock = clock;
    this.listener = listener;
    this.wake = wake;
  }

  /**
   * What is watched of one monitor.
   *
   * @param uid a monitor made anew under the same name is another
   * @param monitor as last seen
   * @param proven an earlier process saw each target checked as it is declared now
   */
  record Watch(
      HeartbeatMonitor monitor,
      String uid,
      long generation,
      boolean proven,
      Map<String, WatchedTarget> targets,
      Map<String, String> checks) {

    private Watch seen(HeartbeatMonitor now) {
      return new Watch(now, uid, generation, proven, targets, checks);
    }

    Map<String, Assessment> assessments() {
      var assessments = new HashMap<String, Assessment>();
      targets.forEach((name, target) -> assessments.put(name, target.assessment()));
      return assessments;
    }
  }

  /** Makes what is checked what the monitor declares. */
  Watch sync(HeartbeatMonitor monitor) {
    var key = MonitorKey.of(monitor);
    return watches.compute(key, (_, before) -> synced(key, monitor, before));
  }

  /** Stops its checks at once. */
  Optional<Watch> forget(MonitorKey key) {
    var watch = Optional.ofNullable(watches.remove(key));
    watch.ifPresent(w -> w.targets().values().forEach(WatchedTarget::stop));
    attentive.remove(key);
    return watch;
  }

  /** The monitor as it was stored after it was decided on; the declaration is the same. */
  void stored(MonitorKey key, HeartbeatMonitor monitor) {
    watches.computeIfPresent(
        key,
        (_, watch) ->
            watch.uid().equals(monitor.getMetadata().getUid())
                    && watch.generation() == generation(monitor)
                ? watch.seen(monitor)
                : watch);
  }

  /** The monitor as last seen, while it is watched. */
  Optional<HeartbeatMonitor> monitor(MonitorKey key) {
    return Optional.ofNullable(watches.get(key)).map(Watch::monitor);
  }

  /** A look at once, for something is known of the target that was not. */
  void askNow(MonitorKey key, String target) {
    var watch = watches.get(key);
    var watched = watch == null ? null : watch.targets().get(target);
    if (watched != null) {
      watched.askNow();
    }
  }

  /** Each reading of these targets wakes the monitor; of others only one that changes something. */
  void setAttentive(MonitorKey key, Set<String> targets) {
    if (targets.isEmpty()) {
      attentive.remove(key);
    } else {
      attentive.put(key, targets);
    }
  }

  private Watch synced(MonitorKey key, HeartbeatMonitor monitor, @Nullable Watch before) {
    var uid = monitor.getMetadata().getUid();
    var generation = generation(monitor);
    var known = before != null && before.uid().equals(uid) ? before : null;
    if (known != null && known.generation() == generation) {
      return known.seen(monitor);
    }
    if (before != null && known == null) {
      before.targets().values().forEach(WatchedTarget::stop);
    }
    var status = monitor.getStatus() == null ? MonitorStatus.NONE : monitor.getStatus();
    var targets = new LinkedHashMap<String, WatchedTarget>();
    var checks = new HashMap<String, String>();
    var checksBefore = known == null ? Map.<String, String>of() : known.checks();
    for (var target : monitor.getSpec().targets()) {
      var version = CheckVersion.of(target, monitor.getSpec());
      checks.put(target.name(), version);
      var old = known == null ? null : known.targets().get(target.name());
      var assessment =
          known == null || old == null
              ? remembered(status, target, version)
              : carried(
                  old,
                  version.equals(checksBefore.get(target.name())),
                  known.monitor().getSpec().isSuspended(old.target())
                      || monitor.getSpec().isSuspended(target));
      targets.put(target.name(), watched(key, monitor, target, assessment));
    }
    if (known != null) {
      known.targets().values().forEach(WatchedTarget::stop);
    }
    targets.values().stream()
        .filter(t -> !monitor.getSpec().isSuspended(t.target()))
        .forEach(WatchedTarget::start);
    return new Watch(
        monitor, uid, generation, known == null && isProven(status, generation), targets, checks);
  }

  /** An earlier process had checked each target of this generation, and said so. */
  private static boolean isProven(MonitorStatus status, long generation) {
    return status.observedGeneration() != null
        && status.observedGeneration() == generation
        && status.conditions().stream()
            .anyMatch(
                c ->
                    "Healthy".equals(c.getType())
                        && !Conditions.NOT_YET_CHECKED.equals(c.getReason())
                        && !Conditions.NOT_PROCESSED.equals(c.getReason()));
  }

  private WatchedTarget watched(
      MonitorKey key, HeartbeatMonitor monitor, Target target, Assessment assessment) {
    var spec = monitor.getSpec();
    var interval = spec.intervalOf(target);
    var identity = key + "/" + target.name();
    var now = System.nanoTime();
    var spread = interval.compareTo(SPREAD) < 0 ? interval : SPREAD;
    return new WatchedTarget(
        this,
        key,
        target,
        Checks.of(target, spec, surroundings.apply(key)),
        spec.timeoutOf(target),
        now + Timetable.phase(identity, spread),
        Timetable.starting(now, interval, identity),
        assessment);
  }

  private static Assessment remembered(MonitorStatus status, Target target, String version) {
    var armed =
        status.state().armed().stream()
            .anyMatch(a -> a.target().equals(target.name()) && a.check().equals(version));
    return status.targets().stream()
        .filter(t -> t.name().equals(target.name()) && t.kind().equals(target.kind().fieldName()))
        .findFirst()
        .map(t -> Assessment.remembered(target, t, armed))
        .orElse(Assessment.NONE);
  }

  private static Assessment carried(WatchedTarget old, boolean sameCheck, boolean suspended) {
    if (!sameCheck) {
      return Assessment.NONE; // another question: no answer to it is known
    }
    return suspended ? old.assessment().afterSuspension() : old.assessment().afterEdit();
  }

  static long generation(HeartbeatMonitor monitor) {
    var generation = monitor.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  /**
   * A target was looked at.
   *
   * @param asked out of turn, by somebody who waits for it
   */
  void looked(MonitorKey key, Target target, Assessment before, Assessment after, boolean asked) {
    if (isTurningBad(before, after)) {
      askAncestors(key, target);
    }
    if (asked || !before.looked() || isNews(before, after) || isAttentive(key, target)) {
      wake.accept(key);
    }
  }

  private static boolean isNews(Assessment before, Assessment after) {
    return before.level() != after.level()
        || before.armed() != after.armed()
        || before.isSuspect() != after.isSuspect()
        || (after.level() == Level.Unknown && !before.message().equals(after.message()));
  }

  private boolean isAttentive(MonitorKey key, Target target) {
    return attentive.getOrDefault(key, Set.of()).contains(target.name());
  }

  private static boolean isTurningBad(Assessment before, Assessment after) {
    return after.level() != before.level() && after.levelOrUnknown() != Level.Healthy;
  }

  /** What is wrong may be their fault: only a look at them that began later can tell. */
  private void askAncestors(MonitorKey key, Target target) {
    var watch = watches.get(key);
    if (watch == null) {
      return;
    }
    var names = new ArrayDeque<>(target.dependencies());
    var asked = new HashSet<String>();
    while (!names.isEmpty()) {
      var parent = watch.targets().get(names.poll());
      if (parent != null && asked.add(parent.target().name())) {
        parent.askNow();
        names.addAll(parent.target().dependencies());
      }
    }
  }

  /** Targets whose check is not done though it should be; more than none is a sick engine. */
  long overdue() {
    var now = System.nanoTime();
    return watches.values().stream()
        .flatMap(watch -> watch.targets().values().stream())
        .filter(target -> target.isOverdue(now))
        .count();
  }

  boolean askAgain(MonitorKey key) {
    var watch = watches.get(key);
    if (watch == null) {
      return false;
    }
    var again =
        watch.targets().values().stream()
            .filter(target -> target.isWorsening() || isOlderThanParent(watch, target))
            .toList();
    again.forEach(WatchedTarget::askNow);
    return !again.isEmpty();
  }

  /** It is bad, by a look that began before what it depends on got well. */
  private static boolean isOlderThanParent(Watch watch, WatchedTarget target) {
    var known = target.assessment();
    return known.looked()
        && known.levelOrUnknown() != Level.Healthy
        && target.target().dependencies().stream()
            .map(watch.targets()::get)
            .filter(Objects::nonNull)
            .map(parent -> parent.assessment().since())
            .anyMatch(since -> since != null && !known.isNewerThan(since));
  }

  /** Targets are looked at now, or are to be at once. */
  boolean isLooking(MonitorKey key) {
    var watch = watches.get(key);
    return watch != null && watch.targets().values().stream().anyMatch(WatchedTarget::isLooking);
  }

  /** Targets at which nobody has looked yet, though somebody should. */
  List<String> unseen(MonitorKey key) {
    var watch = watches.get(key);
    return watch == null
        ? List.of()
        : watch.targets().values().stream()
            .filter(target -> !watch.monitor().getSpec().isSuspended(target.target()))
            .filter(target -> !target.assessment().looked())
            .map(target -> target.target().name())
            .toList();
  }

  Map<MonitorKey, Watch> watches() {
    return Map.copyOf(watches);
  }

  InstantSource clock() {
    return clock;
  }

  Reading masked(Reading reading) {
    return reading.withWords(mask);
  }

  Deadlines deadlines() {
    return deadlines;
  }

  EngineListener listener() {
    return listener;
  }

  @Override
  public void close() {
    watches.keySet().forEach(this::forget);
  }
}
