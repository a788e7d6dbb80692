package io.nexus.heartbeat.engine;

import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.alert.Bot;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.decide.Keyboards;
import io.nexus.heartbeat.decide.Keyboards.Retired;
import io.nexus.heartbeat.net.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buttons under messages: hears of presses where somebody is allowed to press, and takes
 * buttons away that do nothing any more. Nobody is asked, and no Secret read, while no receiver has
 * allowed users.
 */
public final class Buttons implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Buttons.class);
  private static final Duration TICK = Duration.ofSeconds(1);

  /** As soon a token that was rotated is known. */
  private static final Duration BETWEEN_ROLLS = Duration.ofSeconds(30);

  private static final Duration TO_REMOVE = Duration.ofSeconds(10);
  private static final int REMOVED_AT_ONCE = 4;

  /** At the end; a late press takes away what is left. */
  private static final Duration LAST_REMOVALS = Duration.ofSeconds(1);

  private final Presses presses;
  private final Home home;
  private final Schedule schedule;
  private final Deadlines deadlines;
  private final Map<String, Listening> listening = new LinkedHashMap<>();
  private final Semaphore removing = new Semaphore(REMOVED_AT_ONCE);
  private final ExecutorService removals = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private List<Door> known = List.of();
  private List<Door> mute = List.of();
  private long rolledAt;
  private @Nullable Thread roll;

  /** A receiver whose buttons somebody may press. */
  record Door(MonitorKey monitor, Receiver receiver) {}

  Buttons(Presses presses, Home home, Schedule schedule, Deadlines deadlines) {
    this.presses = presses;
    this.home = home;
    this.schedule = schedule;
    this.deadlines = deadlines;
  }

  /** Hears of presses until it is closed. */
  public synchronized void start() {
    if (roll == null && closed.getCount() > 0) {
      roll = Thread.ofVirtual().name("buttons").start(this::keepRoll);
    }
  }

  private void keepRoll() {
    try {
      do {
        try {
          callRoll(true);
        } catch (RuntimeException e) {
          log.error("who has buttons cannot be told, which is a bug", e);
        }
      } while (!closed.await(TICK.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The bots whose receivers have allowed users, each once. For one thread. */
  private void callRoll(boolean listen) {
    var doors = doors();
    var due = System.nanoTime() - rolledAt >= BETWEEN_ROLLS.toNanos() && !doors.isEmpty();
    if (doors.equals(known) && !due) {
      return;
    }
    known = doors;
    rolledAt = System.nanoTime();
    var bots = new LinkedHashMap<String, Bot>();
    var theirs = new HashMap<String, List<Door>>();
    var without = new ArrayList<Door>();
    for (var door : doors) {
      var bot = home.channel(door.monitor(), door.receiver()).bot();
      if (bot.isPresent()) {
        var id = bot.get().id();
        bots.putIfAbsent(id, bot.get());
        theirs.computeIfAbsent(id, _ -> new ArrayList<>()).add(door);
      } else {
        without.add(door);
      }
    }
    listenTo(bots, theirs, without, listen);
    changed();
  }

  private synchronized void listenTo(
      Map<String, Bot> bots, Map<String, List<Door>> theirs, List<Door> without, boolean listen) {
    if (closed.getCount() == 0) {
      return;
    }
    mute = List.copyOf(without);
    listening.entrySet().stream()
        .filter(entry -> !bots.containsKey(entry.getKey()))
        .forEach(entry -> entry.getValue().close());
    listening.keySet().retainAll(bots.keySet());
    bots.forEach(
        (id, bot) -> {
          var one =
              listening.computeIfAbsent(
                  id, _ -> new Listening(presses, home.claims(), deadlines, this::changed));
          one.is(bot, theirs.getOrDefault(id, List.of()));
          if (listen) {
            one.start();
          }
        });
  }

  private List<Door> doors() {
    return schedule.watches().entrySet().stream()
        .flatMap(
            watch ->
                watch.getValue().monitor().getSpec().alerts().receivers().stream()
                    .filter(receiver -> !Keyboards.allowed(receiver).isEmpty())
                    .map(receiver -> new Door(watch.getKey(), receiver)))
        .toList();
  }

  /** What is heard for each monitor, by all its bots. */
  private synchronized void changed() {
    var ears = new HashMap<MonitorKey, Presses.Ear>();
    for (var one : listening.values()) {
      var ear = one.ear();
      for (var key : one.monitors()) {
        ears.merge(key, ear, Buttons::worse);
      }
    }
    for (var door : mute) {
      var why =
          "the bot token of receiver " + door.receiver().name() + " cannot be read, or is none";
      ears.merge(door.monitor(), new Presses.Ear(true, why), Buttons::worse);
    }
    presses.heard(ears);
  }

  private static Presses.Ear worse(Presses.Ear a, Presses.Ear b) {
    var trouble = a.trouble() == null ? b.trouble() : a.trouble();
    return new Presses.Ear(a.listens() && b.listens(), trouble);
  }

  /**
   * Asks each bot once, without waiting. What was pressed is an order in the next turn; looking
   * again answers whoever pressed.
   *
   * @return whether something was pressed that a turn has to take
   */
  public boolean lookOnce() throws InterruptedException {
    callRoll(false);
    List<Listening> all;
    synchronized (this) {
      all = List.copyOf(listening.values());
    }
    var any = false;
    for (var one : all) {
      any |= one.lookOnce();
    }
    return any;
  }

  /** What is stored instead of what was: some buttons have no use any more. */
  void written(MonitorKey key, MonitorSpec spec, MonitorStatus before, MonitorStatus after) {
    var retired = Keyboards.retired(before.state(), after.state());
    for (var one : retired) {
      spec.alerts().receivers().stream()
          .filter(receiver -> receiver.name().equals(one.receiver()))
          .findFirst()
          .ifPresent(receiver -> retire(key, receiver, one));
    }
  }

  /** Once: a late press takes away what is left. */
  private void retire(MonitorKey key, Receiver receiver, Retired one) {
    if (closed.getCount() == 0) {
      return;
    }
    removals.execute(
        () -> {
          removing.acquireUninterruptibly();
          try (var deadline = deadlines.start(TO_REMOVE)) {
            var bot = home.channel(key, receiver).bot();
            if (bot.isPresent() && bot.get().id().equals(one.keyboard().bot())) {
              bot.get().removeButtons(one.keyboard().chat(), one.messageId(), deadline);
            }
          } catch (IOException e) {
            log.debug("{}: the buttons of a message stay: {}", key, e.getMessage());
          } finally {
            removing.release();
          }
        });
  }

  /** It is gone, and with it what its buttons were about. */
  void forget(MonitorKey key, MonitorSpec spec, @Nullable MonitorStatus last) {
    presses.forget(key);
    if (last != null) {
      written(key, spec, last, MonitorStatus.NONE);
    }
  }

  /** Of those that are heard. */
  static Set<String> allowed(List<Door> doors) {
    return doors.stream()
        .flatMap(door -> Keyboards.allowed(door.receiver()).stream())
        .collect(toSet());
  }

  @Override
  public void close() {
    closed.countDown();
    List<Listening> all;
    synchronized (this) {
      all = List.copyOf(listening.values());
    }
    all.forEach(Listening::close);
    removals.shutdown();
    try {
      for (var one : all) {
        one.awaitEnd(LAST_REMOVALS);
      }
      if (!removals.awaitTermination(LAST_REMOVALS.toMillis(), TimeUnit.MILLISECONDS)) {
        removals.shutdownNow();
      }
    } catch (InterruptedException _) {
      removals.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
