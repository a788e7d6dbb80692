package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Pushed;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.PushTarget;
import io.nexus.heartbeat.check.Pushes;
import io.nexus.heartbeat.decide.Arrivals;
import io.nexus.heartbeat.decide.Signal;
import io.nexus.heartbeat.engine.StatusStore.Conflict;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what targets of kind push say of themselves, and writes it down before it is confirmed:
 * into the monitor's status, by compare-and-set beside the turns, which decide again when they find
 * it.
 */
final class PushIntake {
  private static final Logger log = LoggerFactory.getLogger(PushIntake.class);
  private static final int TRIES = 5;
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** What is compared with where there is nothing to compare with. */
  private static final String NO_TOKEN = "there is no such target, and no such token either";

  private final Home home;
  private final Schedule schedule;
  private final InstantSource clock;
  private volatile Instant listeningSince;
  private volatile boolean deaf;
  private final Pace pace = new Pace();
  private volatile boolean closed;

  /**
   * The newest of each target. A turn may be on a monitor that some cache has not yet seen change;
   * it then writes nothing, but what it last saw must not hide what has arrived.
   */
  private final Map<String, Pushed> newest = new ConcurrentHashMap<>();

  PushIntake(Home home, Schedule schedule, InstantSource clock) {
    this.home = home;
    this.schedule = schedule;
    this.clock = clock;
    this.listeningSince = now();
  }

  /** Since when somebody listens; while nobody does, since now. */
  Instant listeningSince() {
    return deaf ? now() : listeningSince;
  }

  /** Whether what is sent arrives: what is lost while it does not is waited for as much longer. */
  void hears(boolean now) {
    if (deaf && now) {
      listeningSince = now();
    }
    deaf = !now;
  }

  PushAnswer take(MonitorKey key, String name, Signal signal, String token)
      throws InterruptedException {
    var declared = declared(key, name);
    String expected;
    try {
      expected = declared.isEmpty() || token.isEmpty() ? "" : tokenOf(key, declared.get());
    } catch (SecretUnavailable e) {
      // Perhaps only for a moment; and who is told that there is no such target sends no more.
      log.warn("{}: what {} reports cannot be taken: {}", key, name, e.getMessage());
      return PushAnswer.TryAgain;
    }
    if (!isToken(token, expected) || declared.isEmpty()) {
      return isSettled() ? PushAnswer.NotHere : PushAnswer.TryAgain;
    }
    if (!pace.allows(key + "/" + name, clock.instant())) {
      return PushAnswer.TooMany;
    }
    try {
      return stored(key, name, signal);
    } catch (Unavailable e) {
      log.warn("{}: what {} reported was not stored: {}", key, name, e.getMessage());
      return PushAnswer.TryAgain;
    }
  }

  /** Before, its monitor may not have been seen yet; and nobody sends again what was not found. */
  private boolean isSettled() {
    return !closed && !clock.instant().isBefore(listeningSince().plus(SETTLING));
  }

  void close() {
    closed = true;
  }

  private PushAnswer stored(MonitorKey key, String name, Signal signal) throws Unavailable {
    for (var tries = 0; tries < TRIES; tries++) {
      var live = home.statuses().read(key);
      if (live.isEmpty()) {
        return PushAnswer.NotHere;
      }
      var status = live.get().getStatus();
      if (status == null || status.observedGeneration() == null) {
        return PushAnswer
            .TryAgain; // it was not processed yet: a moment later there is a place for it
      }
      var known = status.state().pushes();
      var now = now();
      var before = Arrivals.of(name, known).orElseGet(() -> Arrivals.awaited(name, now));
      var listened = Arrivals.listened(before, listeningSince(), now);
      var after = Arrivals.with(known, listened, signal, now);
      try {
        home.statuses().write(live.get(), withPushes(status, after));
        Arrivals.of(name, after)
            .ifPresent(it -> newest.merge(identity(live.get(), name), it, PushIntake::later));
        schedule.askNow(key, name);
        return PushAnswer.Stored;
      } catch (Conflict e) {
        log.debug("{}: {}; reading it again", key, e.getMessage());
      }
    }
    throw new Unavailable("the status is written by somebody else all the time", null);
  }

  private static MonitorStatus withPushes(MonitorStatus status, List<Pushed> pushes) {
    return status.withState(status.state().withPushes(pushes));
  }

  /** What the checks of a monitor look at. */
  Pushes of(MonitorKey key) {
    return (name, declared) -> {
      var now = now();
      var known = schedule.monitor(key).flatMap(monitor -> latest(monitor, name));
      return Arrivals.judged(
          declared,
          Arrivals.listened(
              known.orElseGet(() -> Arrivals.awaited(name, now)), listeningSince(), now),
          now);
    };
  }

  private Optional<Pushed> latest(HeartbeatMonitor monitor, String name) {
    var status = monitor.getStatus();
    var stored =
        status == null ? Optional.<Pushed>empty() : Arrivals.of(name, status.state().pushes());
    var taken = Optional.ofNullable(newest.get(identity(monitor, name)));
    return stored.isPresent() && taken.isPresent()
        ? Optional.of(later(stored.get(), taken.get()))
        : stored.or(() -> taken);
  }

  /** The second, unless it says less. */
  private static Pushed later(Pushed one, Pushed other) {
    return other.lastHeard().isBefore(one.lastHeard()) ? one : other;
  }

  void forget(HeartbeatMonitor monitor) {
    var prefix = identity(monitor, "");
    newest.keySet().removeIf(identity -> identity.startsWith(prefix));
  }

  private static String identity(HeartbeatMonitor monitor, String target) {
    return monitor.getMetadata().getUid() + "/" + target;
  }

  private Optional<PushTarget> declared(MonitorKey key, String name) {
    return schedule
        .monitor(key)
        .flatMap(
            monitor ->
                monitor.getSpec().targets().stream()
                    .filter(target -> target.name().equals(name))
                    .findFirst())
        .flatMap(target -> Optional.ofNullable(target.push()));
  }

  private String tokenOf(MonitorKey key, PushTarget push) throws SecretUnavailable {
    return home.surroundings(key).secrets().read(push.tokenFrom(), "").text();
  }

  /** The comparison takes as long whether right or wrong. */
  private static boolean isToken(String given, String expected) {
    var usable = expected.length() >= PushTarget.SHORTEST_TOKEN;
    var same = MessageDigest.isEqual(digest(given), digest(usable ? expected : NO_TOKEN));
    return usable && same;
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }

  /** What is decided on is what is stored: RFC 3339 with milliseconds. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
