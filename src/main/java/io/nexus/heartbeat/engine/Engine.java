package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.Delivery;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Circumstances;
import io.nexus.heartbeat.decide.Decision;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.decide.Signal;
import io.nexus.heartbeat.engine.Schedule.Watch;
import io.nexus.heartbeat.engine.StatusStore.Conflict;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import io.nexus.heartbeat.net.Deadlines;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins checking, deciding, repairing and telling, for many monitors, in a cluster or without one.
 * Callers give each monitor one turn at a time.
 */
public final class Engine implements Turns, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final int CONFLICTS_BORNE = 5;

  /** At the end; whoever stops us waits some 30 s at most. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  private final Home home;
  private final InstantSource clock;
  private final EngineListener listener;
  private final Consumer<MonitorKey> wake;
  private final Schedule schedule;
  private final Courier courier;
  private final Performer performer;
  private final PushIntake pushes;
  private final Situations situations;
  private final Presses presses;
  private final Buttons buttons;
  private final Refresh refresh = new Refresh();
  private final Outages outages = new Outages();

  /**
   * @param mask takes known secrets out of a text, whatever a target answered
   * @param wake asks for a turn of that monitor, soon, on another thread
   */
  public Engine(
      Home home,
      Courier courier,
      Deadlines deadlines,
      UnaryOperator<String> mask,
      InstantSource clock,
      EngineListener listener,
      Consumer<MonitorKey> wake) {
    this.home = home;
    this.courier = courier;
    this.clock = clock;
    this.listener = listener;
    this.wake = wake;
    this.performer = new Performer(home, listener, mask);
    this.schedule = new Schedule(this::surroundings, deadlines, mask, clock, listener, wake);
    this.pushes = new PushIntake(home, schedule, clock);
    this.presses = new Presses(home, schedule, courier, clock, wake);
    this.buttons = new Buttons(presses, home, schedule, deadlines);
    this.situations = new Situations(home, pushes, presses, clock);
  }

  /**
   * One turn of one monitor.
   *
   * @return when the next is due though nothing changes
   * @throws Unavailable the status could not be stored; nothing was done that it does not say
   */
  @Override
  public Instant turn(HeartbeatMonitor monitor) throws Unavailable, InterruptedException {
    var key = MonitorKey.of(monitor);
    try {
      var next = whateverOthersWrite(monitor, this::turnOn);
      outages.over(key, clock.instant());
      return next;
    } catch (Unavailable | RuntimeException | Error e) {
      outages.failed(key, e, clock.instant());
      listener.turnFailed(key);
      throw e;
    }
  }

  /** Why nothing is repaired or told of any monitor, once that has been so for a minute. */
  public Optional<String> outage() {
    return outages.lasting(clock.instant());
  }

  /** What the checks of a monitor reach the world by, and what has reached us. */
  private Surroundings surroundings(MonitorKey key) {
    return home.surroundings(key).hearing(pushes.of(key));
  }

  /**
   * What a target of kind push says of itself; it is written down before this returns {@link
   * PushAnswer#Stored}.
   *
   * @param token what it was sent with
   */
  public PushAnswer push(MonitorKey key, String target, Signal signal, String token)
      throws InterruptedException {
    return pushes.take(key, target, signal, token);
  }

  /** By which people answer messages, where their receivers allow it. */
  public Buttons buttons() {
    return buttons;
  }

  /** Whether what targets of kind push send can arrive, such as no port is listened on. */
  public void hears(boolean pushed) {
    pushes.hears(pushed);
  }

  /** Something that writes a monitor, and may find that somebody else did. */
  @FunctionalInterface
  private interface Attempt {
    Instant on(HeartbeatMonitor monitor) throws Conflict, Unavailable, InterruptedException;
  }

  private Instant whateverOthersWrite(HeartbeatMonitor monitor, Attempt attempt)
      throws Unavailable, InterruptedException {
    var current = monitor;
    for (var tries = 0; tries < CONFLICTS_BORNE; tries++) {
      try {
        return attempt.on(current);
      } catch (Conflict e) {
        log.debug("{}: {}; deciding again", MonitorKey.of(monitor), e.getMessage());
        var live = home.statuses().read(MonitorKey.of(monitor));
        if (live.isEmpty()) {
          forget(MonitorKey.of(monitor));
          return Instant.MAX;
        }
        current = live.get();
      }
    }
    throw new Unavailable("the status is written by somebody else all the time", null);
  }

  private Instant turnOn(HeartbeatMonitor monitor)
      throws Conflict, Unavailable, InterruptedException {
    var key = MonitorKey.of(monitor);
    var watch = schedule.sync(monitor);
    var news = courier.news(key.toString());

    var decision = decideForAll(monitor, watch, news, Results.NONE);
    var stored = persist(monitor, decision);
    courier.settle(key.toString(), news);
    presses.settle(key, stored);
    decision.asked().forEach(target -> schedule.askNow(key, target));

    var results =
        new Results(
            performer.perform(key, stored, decision.due()),
            performer.putBack(Performer.ref(stored), decision.putBack()));
    if (!results.isEmpty()) {
      decision = decideForAll(stored, watch, List.of(), results);
      stored = persist(stored, decision);
    }
    schedule.stored(key, stored); // last words, should it be deleted now, follow on what is stored
    tell(key, monitor.getSpec(), decision.notices());
    schedule.setAttentive(key, decision.attentive());
    return earlier(decision.nextLook(), refresh.due(key, clock.instant()));
  }

  /** Stops the checks of a monitor that is gone, and tells those who know of its open incidents. */
  @Override
  public void forget(MonitorKey key) {
    var watch = schedule.forget(key);
    refresh.forget(key);
    outages.forget(key);
    watch.ifPresent(
        gone -> {
          pushes.forget(gone.monitor());
          buttons.forget(key, gone.monitor().getSpec(), gone.monitor().getStatus());
          putBackAll(gone.monitor());
          tell(key, gone.monitor().getSpec(), farewell(key, gone));
          courier.forget(key.toString());
        });
  }

  /** The same for one that was taken away while nobody watched it. */
  public void forget(HeartbeatMonitor kept) {
    var _ = schedule.sync(withoutTargets(kept));
    forget(MonitorKey.of(kept));
  }

  /** Nobody will remember it: at once, though its time has not come. */
  private void putBackAll(HeartbeatMonitor gone) {
    if (gone.getStatus() == null || gone.getStatus().state().raised().isEmpty()) {
      return;
    }
    try {
      // Rather than unreadable since an edit, or not selected any more: its outage may go on.
      if (home.statuses().isDeleted(gone)) {
        var _ = performer.putBack(Performer.ref(gone), gone.getStatus().state().raised());
      }
    } catch (Unavailable e) {
      log.warn(
          "{}: what was scaled up stays so until its time: {}",
          MonitorKey.of(gone),
          e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static HeartbeatMonitor withoutTargets(HeartbeatMonitor monitor) {
    var nothing = new HeartbeatMonitor();
    nothing.setMetadata(monitor.getMetadata());
    nothing.setSpec(monitor.getSpec().withoutTargets());
    nothing.setStatus(monitor.getStatus());
    return nothing;
  }

  /** A message was delivered, or died: it goes into the ledger, if there still is one. */
  public void delivered(String monitor) {
    var slash = monitor.indexOf('/');
    var key = new MonitorKey(monitor.substring(0, slash), monitor.substring(slash + 1));
    if (schedule.watches().containsKey(key)) {
      wake.accept(key);
    } else {
      courier.settle(monitor, courier.news(monitor));
    }
  }

  /**
   * Looks again, at once, at whatever was found worse than it is held to be, and at what is bad by
   * a look that is older than the recovery of what it depends on.
   *
   * @return whether there is such
   */
  public boolean askAgain(MonitorKey key) {
    return schedule.askAgain(key);
  }

  /** Looks at a target, at once. */
  public void look(MonitorKey key, String target) {
    schedule.askNow(key, target);
  }

  /** Targets are looked at now, or are to be at once: what is known of others may wait for it. */
  public boolean isLooking(MonitorKey key) {
    return schedule.isLooking(key);
  }

  /** Targets at which nobody has looked yet, though somebody should. */
  public List<String> unseen(MonitorKey key) {
    return schedule.unseen(key);
  }

  /** Targets whose check should have been done by now and is not. */
  public long overdue() {
    return schedule.overdue();
  }

  /** What is known of every target now. */
  public List<TargetView> targets() {
    return TargetViews.of(schedule.watches());
  }

  /**
   * What is given up is given up for every process, before it is written down; also what is given
   * up only since it turned out that another plan was done after all.
   */
  private Decision decideForAll(
      HeartbeatMonitor monitor, Watch watch, List<Delivery> news, Results results)
      throws Unavailable, InterruptedException {
    var known = results;
    while (true) {
      var decision = decide(monitor, watch, news, known);
      var doneAfterAll = performer.callOff(MonitorKey.of(monitor), monitor, decision.status());
      if (known.says(doneAfterAll)) {
        return decision;
      }
      known = known.and(doneAfterAll);
    }
  }

  private Decision decide(
      HeartbeatMonitor monitor, Watch watch, List<Delivery> news, Results results)
      throws InterruptedException {
    var key = MonitorKey.of(monitor);
    var blind = situations.of(monitor, watch, news, results, Map.of(), Circumstances.GOOD);
    var facts = new HashMap<Look, Facts>();
    for (var look : Decision.looksOf(blind)) {
      facts.put(look, home.actor().look(Performer.ref(monitor), look));
    }
    var circumstances =
        facts.isEmpty()
            ? Circumstances.GOOD
            : situations.circumstances(key, schedule.watches().values());
    return Decision.of(situations.of(monitor, watch, news, results, facts, circumstances));
  }

  private HeartbeatMonitor persist(HeartbeatMonitor monitor, Decision decision)
      throws Conflict, Unavailable {
    var key = MonitorKey.of(monitor);
    var stored = monitor.getStatus() == null ? MonitorStatus.NONE : monitor.getStatus();
    // An act may follow only on knowledge that is proven fresh, and the write is the proof.
    var mustProve = performer.isTurnOf(decision.due());
    if (!mustProve && !decision.isNews(stored) && !refresh.isDue(key, clock.instant())) {
      return monitor;
    }
    var written = home.statuses().write(monitor, decision.status());
    refresh.written(key, clock.instant());
    listener.statusWritten(key);
    buttons.written(key, monitor.getSpec(), stored, decision.status());
    Transitions.log(key, stored, decision);
    Transitions.orders(stored, decision.status()).forEach(order -> home.ordered(key, order));
    return written;
  }

  private void tell(MonitorKey key, MonitorSpec spec, List<Notice> notices) {
    courier.retain(key.toString(), notices);
    for (var notice : notices) {
      Receivers.named(notice.receiver(), spec, home.standingReceivers())
          .ifPresent(receiver -> courier.offer(notice, home.channel(key, receiver)));
    }
  }

  private List<Notice> farewell(MonitorKey key, Watch gone) {
    if (gone.monitor().getStatus() == null) {
      return List.of();
    }
    var news = courier.news(key.toString());
    var nothing = withoutTargets(gone.monitor());
    return Decision.of(
            situations.of(nothing, gone, news, Results.NONE, Map.of(), Circumstances.GOOD))
        .notices();
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /**
   * To be called when nobody takes turns any more and the courier has ended: what it delivered
   * meanwhile goes into the ledger, so that the next process does not tell it again.
   */
  @Override
  public void close() {
    pushes.close();
    buttons.close();
    var until = System.nanoTime() + LAST_WRITES.toNanos();
    for (var key : schedule.watches().keySet()) {
      if (!courier.news(key.toString()).isEmpty()) {
        lastTurn(key, until);
      }
    }
    schedule.close();
  }

  private void lastTurn(MonitorKey key, long until) {
    try {
      if (System.nanoTime() - until > 0) {
        throw new Unavailable("the status store takes too long", null);
      }
      var live = home.statuses().read(key);
      if (live.isPresent()) {
        var _ = whateverOthersWrite(live.get(), this::writeNews);
      }
    } catch (Unavailable | RuntimeException e) {
      log.warn(
          "{}: that its last messages were told could not be stored; a restart repeats them: {}",
          key,
          e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** A turn without acts and messages; what it plans is the next process's to do. */
  private Instant writeNews(HeartbeatMonitor monitor)
      throws Conflict, Unavailable, InterruptedException {
    var key = MonitorKey.of(monitor);
    var news = courier.news(key.toString());
    persist(monitor, decideForAll(monitor, schedule.sync(monitor), news, Results.NONE));
    courier.settle(key.toString(), news);
    return Instant.MAX;
  }
}
