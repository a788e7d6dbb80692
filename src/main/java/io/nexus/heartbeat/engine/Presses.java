package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.decide.Keyboards;
import io.nexus.heartbeat.decide.Keyboards.Judged;
import io.nexus.heartbeat.decide.Keyboards.Judged.Stands;
import io.nexus.heartbeat.decide.Press;
import io.nexus.heartbeat.decide.Pressed;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Presses of buttons, from when they are heard of until what came of them is stored. They are kept
 * nowhere else: who heard of them must not confirm them before.
 */
final class Presses {
  /** A press is looked for in so many monitors at most, those first where it is known to be. */
  private static final int MOST_READ = 200;

  private final Home home;
  private final Schedule schedule;
  private final Courier courier;
  private final InstantSource clock;
  private final Consumer<MonitorKey> wake;
  private final Map<MonitorKey, List<Pending>> pending = new HashMap<>();
  private volatile Map<MonitorKey, Ear> ears = Map.of();

  /**
   * What whoever pressed is told.
   *
   * @param alert so that it is not missed
   * @param over the buttons do nothing any more
   * @param allowed whether it was somebody who may
   */
  record Answered(String words, boolean alert, boolean over, boolean allowed) {
    static final Answered NOT_ALLOWED =
        new Answered("You are not allowed to press this button.", true, false, false);
    static final Answered NOT_WAITING = new Answered("No longer waiting.", true, true, true);
    static final Answered NOT_NOW =
        new Answered("Not waiting now: something else holds it. See status.", true, false, true);
    static final Answered NOT_TAKEN =
        new Answered(
            "It could not be stored whether this was done. See status.", true, false, true);
  }

  /** Whether presses for a monitor are heard of. */
  record Ear(boolean listens, @Nullable String trouble) {}

  private record Pending(Press press, CompletableFuture<Answered> answer) {}

  Presses(
      Home home,
      Schedule schedule,
      Courier courier,
      InstantSource clock,
      Consumer<MonitorKey> wake) {
    this.home = home;
    this.schedule = schedule;
    this.courier = courier;
    this.clock = clock;
    this.wake = wake;
  }

  /** For the decision. */
  Pressed of(MonitorKey key) {
    var ear = ears.getOrDefault(key, new Ear(false, null));
    return new Pressed(
        pending(key).stream().map(Pending::press).toList(), ear.listens(), ear.trouble());
  }

  /** Monitors of which something else is to be said are woken. */
  void heard(Map<MonitorKey, Ear> now) {
    var before = ears;
    ears = Map.copyOf(now);
    now.forEach(
        (key, ear) -> {
          if (!ear.equals(before.get(key))) {
            wake.accept(key);
          }
        });
  }

  /**
   * Looks whose button it is, live, and orders what it says.
   *
   * @param keys of monitors whose messages the bot sends
   * @return what came of it, when it is stored
   * @throws Unavailable it is not known whose it is
   */
  CompletableFuture<Answered> take(Press press, Collection<MonitorKey> keys) throws Unavailable {
    var likely =
        Comparator.comparing(
            (MonitorKey key) ->
                schedule.monitor(key).map(monitor -> isKnown(monitor, press)).orElse(false));
    Unavailable unread = null;
    for (var key : keys.stream().sorted(likely.reversed()).limit(MOST_READ).toList()) {
      try {
        var live = home.statuses().read(key);
        var answered = live.flatMap(it -> answered(it, press));
        if (answered.isPresent()) {
          return CompletableFuture.completedFuture(answered.get());
        }
        if (live.isPresent() && judged(live.get(), press) instanceof Stands) {
          return add(key, press);
        }
      } catch (Unavailable e) {
        unread = e; // it may be another's
      }
    }
    if (unread != null) {
      throw unread;
    }
    return CompletableFuture.completedFuture(Answered.NOT_WAITING);
  }

  private boolean isKnown(HeartbeatMonitor monitor, Press press) {
    return !(judged(monitor, press) instanceof Judged.NotOurs)
        || status(monitor).state().orders().ofNonce(press.nonce()).isPresent();
  }

  private CompletableFuture<Answered> add(MonitorKey key, Press press) {
    var fresh = new Pending(press, new CompletableFuture<>());
    synchronized (pending) {
      var all = pending.computeIfAbsent(key, _ -> new ArrayList<>());
      for (var known : all) {
        if (known.press().equals(press)) {
          return known.answer();
        }
      }
      all.add(fresh);
    }
    wake.accept(key);
    return fresh.answer();
  }

  private List<Pending> pending(MonitorKey key) {
    synchronized (pending) {
      return List.copyOf(pending.getOrDefault(key, List.of()));
    }
  }

  /** What is stored now says what came of presses. */
  void settle(MonitorKey key, HeartbeatMonitor stored) {
    for (var one : pending(key)) {
      var done = status(stored).state().orders().ofNonce(one.press().nonce());
      var answer = done.map(it -> answer(it, one.press())).or(() -> lost(key, one.press()));
      if (answer.isPresent()) {
        remove(key, one);
        one.answer().complete(answer.get());
      }
    }
  }

  /**
   * Why a turn did not take it; empty: the next will. The turn may have been on a monitor that some
   * cache had not yet seen change, so what is live decides.
   */
  private Optional<Answered> lost(MonitorKey key, Press press) {
    try {
      var live = home.statuses().read(key);
      var answer = live.flatMap(it -> answered(it, press));
      if (answer.isEmpty() && live.isPresent() && judged(live.get(), press) instanceof Stands) {
        wake.accept(key);
        return Optional.empty();
      }
      return answer.or(() -> Optional.of(Answered.NOT_WAITING));
    } catch (Unavailable _) {
      return Optional.empty(); // there will be a turn
    }
  }

  /** What is not stored by now is given up; it may have been stored just now. */
  void withdraw(Press press) {
    synchronized (pending) {
      pending.values().forEach(all -> all.removeIf(one -> one.press().equals(press)));
    }
  }

  void forget(MonitorKey key) {
    for (var one : pending(key)) {
      remove(key, one);
      one.answer().complete(Answered.NOT_WAITING);
    }
  }

  private void remove(MonitorKey key, Pending done) {
    synchronized (pending) {
      pending.computeIfPresent(
          key,
          (_, all) -> {
            all.remove(done);
            return all.isEmpty() ? null : all;
          });
    }
  }

  /** Empty: it still stands, or is not this monitor's. */
  private Optional<Answered> answered(HeartbeatMonitor monitor, Press press) {
    var done = status(monitor).state().orders().ofNonce(press.nonce());
    if (done.isPresent()) {
      return Optional.of(answer(done.get(), press));
    }
    return switch (judged(monitor, press)) {
      case Judged.NotAllowed() -> Optional.of(Answered.NOT_ALLOWED);
      case Judged.NotWaiting(var forGood) ->
          Optional.of(forGood ? Answered.NOT_WAITING : Answered.NOT_NOW);
      case Judged.NotOurs() -> Optional.empty();
      case Stands _ ->
          Readiness.of(monitor.getSpec()).map(_ -> Answered.NOT_NOW); // no order is taken
    };
  }

  private static Answered answer(Handled done, Press press) {
    var taken = done.outcome() == Outcome.Taken;
    var mine = done.by().equals("telegram:" + press.user()) && done.order() == press.order();
    var words =
        mine
            ? done.message()
            : "Already pressed (%s, by %s): %s"
                .formatted(done.order().word(), done.by(), done.message());
    return new Answered(words, !taken || !mine, true, true);
  }

  private Judged judged(HeartbeatMonitor monitor, Press press) {
    var news = Situations.told(courier.news(MonitorKey.of(monitor).toString()));
    var now = clock.instant();
    return Keyboards.judged(monitor.getSpec(), status(monitor).state(), news, press, now);
  }

  private static MonitorStatus status(HeartbeatMonitor monitor) {
    return Objects.requireNonNullElse(monitor.getStatus(), MonitorStatus.NONE);
  }
}
