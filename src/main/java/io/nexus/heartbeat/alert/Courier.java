package io.nexus.heartbeat.alert;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.decide.Words;
import io.nexus.heartbeat.net.Deadlines;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings notices to their receivers, at least once, in order, without ever keeping one destination
 * waiting for another.
 *
 * <p>It is not the ledger: that is in the monitor's status. Whoever keeps it
 *
 * <ol>
 *   <li>reads {@link #news}, folds it into the status it decides on, and writes the status;
 *   <li>then {@link #settle}s what was written, {@link #retain}s and {@link #offer}s what the
 *       written status says is untold.
 * </ol>
 *
 * <p>A crash between any two of these repeats at most a message whose delivery was not yet written.
 * Offering the same again is free: what waits, is on its way, or was delivered and is not settled
 * yet is not sent again. Memory is bounded by incidents times receivers.
 */
public final class Courier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Deadlines deadlines;
  private final Consumer<String> onNews;
  private final Outcomes outcomes;
  private final Timing timing;
  private final RandomGenerator random;
  private final Patience patience;

  private final Object lock = new Object();
  private final Map<String, Map<Parcel.Key, Parcel>> monitors = new HashMap<>();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Rates rates = new Rates();
  private long happened;
  private boolean closed;

  /**
   * @param onNews told a monitor ({@code namespace/name}) about which there is {@link #news};
   *     called on the courier's threads, must not block
   */
  public Courier(Deadlines deadlines, Consumer<String> onNews, Tally tally) {
    // ThreadLocalRandom is bound to the thread that asked for it; this one may be shared.
    this(deadlines, onNews, tally, Timing.REAL, new Random(), Patience.DEFAULT);
  }

  Courier(
      Deadlines deadlines,
      Consumer<String> onNews,
      Tally tally,
      Timing timing,
      RandomGenerator random,
      Patience patience) {
    this.deadlines = deadlines;
    this.onNews = onNews;
    this.outcomes = new Outcomes(tally);
    this.timing = timing;
    this.random = random;
    this.patience = patience;
  }

  /** Has this delivered. What was offered before about the same incident is replaced by it. */
  public void offer(Notice notice, Channel channel) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      var now = timing.nanos();
      var key = Parcel.Key.of(notice);
      var parcel =
          monitors
              .computeIfAbsent(key.monitor(), _ -> new LinkedHashMap<>())
              .computeIfAbsent(key, _ -> new Parcel(key, channel, () -> ++happened));
      if (!parcel.channel().destination().equals(channel.destination())) {
        leave(parcel);
      }
      parcel.offer(notice, channel, now);
      if (parcel.isWaiting()) {
        laneOf(parcel).add(parcel);
        schedule(laneOf(parcel));
      }
    }
  }

  /** What was delivered, has died or is late since it was last settled, as it happened. */
  public List<Delivery> news(String monitor) {
    synchronized (lock) {
      return monitors.getOrDefault(monitor, Map.of()).values().stream()
          .flatMap(parcel -> parcel.news().stream())
          .sorted(comparingLong(Parcel.Fresh::order))
          .map(Parcel.Fresh::delivery)
          .toList();
    }
  }

  /** This news is in the ledger now and need not be kept. */
  public void settle(String monitor, Collection<? extends Delivery> written) {
    synchronized (lock) {
      monitors.getOrDefault(monitor, Map.of()).values().forEach(parcel -> parcel.settle(written));
      sweep(monitor);
    }
  }

  /**
   * Withdraws whatever waits for this monitor and is not wanted any more: its receiver was removed,
   * say, or it was told by another process. What is on its way cannot be called back.
   */
  public void retain(String monitor, Collection<Notice> wanted) {
    synchronized (lock) {
      var keys = wanted.stream().map(Parcel.Key::of).collect(toSet());
      for (var parcel : monitors.getOrDefault(monitor, Map.of()).values()) {
        if (!keys.contains(parcel.key()) && !parcel.isLastWord()) {
          parcel.withdraw();
          leave(parcel);
        }
      }
      sweep(monitor);
    }
  }

  /**
   * The monitor is gone, and nobody will {@link #retain} anything for it. What waits are its last
   * words; they are told all the same, whatever a new monitor of the same name wants.
   */
  public void forget(String monitor) {
    synchronized (lock) {
      monitors.getOrDefault(monitor, Map.of()).values().forEach(Parcel::becomeLastWord);
    }
  }

  private void sweep(String monitor) {
    var parcels = monitors.get(monitor);
    if (parcels != null && parcels.values().removeIf(Parcel::isOver) && parcels.isEmpty()) {
      monitors.remove(monitor);
    }
  }

  /** How deliveries go now. */
  public Health health() {
    synchronized (lock) {
      var now = timing.nanos();
      var ages =
          monitors.values().stream()
              .flatMap(parcels -> parcels.values().stream())
              .filter(Parcel::isUndelivered)
              .map(parcel -> parcel.age(now))
              .toList();
      return new Health(ages.size(), ages.stream().max(Duration::compareTo).orElse(Duration.ZERO));
    }
  }

  /**
   * @param undelivered notices that wait or are on their way
   * @param oldest for how long the oldest of them has been; zero when there is none
   */
  public record Health(int undelivered, Duration oldest) {}

  @Override
  public void close() {
    close(CLOSING);
  }

  /**
   * Sends nothing more, and lets the messages on their way end within the grace, then interrupts
   * them. Their {@link #news} is still to be had.
   */
  public void close(Duration grace) {
    var until = System.nanoTime() + grace.toNanos();
    synchronized (lock) {
      closed = true;
      lanes.values().stream().filter(lane -> !lane.isSending()).forEach(Lane::cancel);
      while (lanes.values().stream().anyMatch(Lane::isSending)) {
        var left = until - System.nanoTime();
        try {
          if (left <= 0) {
            break;
          }
          lock.wait(left / 1_000_000 + 1);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      lanes.values().forEach(Lane::cancel);
    }
  }

  private Lane laneOf(Parcel parcel) {
    return lanes.computeIfAbsent(
        parcel.channel().destination(), to -> new Lane(to, timing.nanos()));
  }

  private void leave(Parcel parcel) {
    var lane = lanes.get(parcel.channel().destination());
    if (lane != null) {
      lane.remove(parcel);
      schedule(lane);
    }
  }

  /** Sets the lane's alarm to when its next message may go, or ends the lane. */
  private void schedule(Lane lane) {
    if (closed || lane.isSending()) {
      return;
    }
    var now = timing.nanos();
    if (lane.isOver(now)) {
      lane.cancel();
      lanes.remove(lane.destination(), lane);
      return;
    }
    var next = lane.next();
    if (next.isEmpty() && !lane.isPaused(now)) {
      lane.cancel(); // what it has is on its way through another lane, which will come back here
      return;
    }
    var due = next.map(parcel -> lane.dueAt(parcel, rates, now)).orElse(lane.pausedUntil());
    if (lane.wakesBy(due)) {
      return;
    }
    var turn = lane.newTurn(due);
    lane.setAlarm(timing.in(Duration.ofNanos(due - now), () -> go(lane, turn)));
  }

  private void go(Lane lane, Object turn) {
    Parcel parcel;
    Notice notice;
    Channel channel;
    Rates.Sent sent;
    synchronized (lock) {
      if (closed || !lane.takeTurn(turn)) {
        return;
      }
      var now = timing.nanos();
      var next = lane.next().filter(candidate -> lane.dueAt(candidate, rates, now) <= now);
      if (next.isEmpty()) {
        schedule(lane); // another lane of the same provider was quicker
        return;
      }
      parcel = next.get();
      channel = parcel.channel();
      sent = rates.begin(channel.limits(), now);
      notice = parcel.send();
      lane.begin();
    }
    var answer = send(notice, channel);
    var came = Came.NOTHING;
    synchronized (lock) {
      var now = timing.nanos();
      try {
        came = take(answer, parcel, notice, channel, lane, now);
      } finally {
        rates.end(sent, now);
        lane.end();
        moveOn(parcel, lane);
        lock.notifyAll();
      }
    }
    say(came.said());
    if (came.isNews()) {
      onNews.accept(notice.monitor());
    }
  }

  private void moveOn(Parcel parcel, Lane lane) {
    if (!parcel.isWaiting()) {
      lane.remove(parcel);
      sweep(parcel.key().monitor());
    } else if (laneOf(parcel) != lane) {
      lane.remove(parcel);
      schedule(laneOf(parcel));
    }
    schedule(lane);
  }

  private Answer send(Notice notice, Channel channel) {
    try (var deadline = deadlines.start(patience.send())) {
      return channel.send(notice, deadline);
    } catch (InterruptedException _) {
      return new Answer.Later("interrupted while sending", null);
    } catch (RuntimeException | Error bug) {
      // Without its message, which may hold whatever the channel was working on.
      LOG.error(
          "The {} channel failed: {} at {}",
          channel.kind(),
          bug.getClass().getName(),
          List.of(bug.getStackTrace()));
      return new Answer.Later("a fault in Heartbeat's " + channel.kind() + " channel", null);
    }
  }

  /** A meter that fails holds up no message. */
  private static void say(Runnable said) {
    try {
      said.run();
    } catch (RuntimeException e) {
      LOG.error("What came of a message could not be counted", e);
    }
  }

  /**
   * What came of a try.
   *
   * @param isNews there is something for the ledger
   * @param said how it is logged and counted, once the lane is free again
   */
  private record Came(boolean isNews, Runnable said) {
    private static final Came NOTHING = new Came(false, () -> {});
  }

  private Came take(
      Answer answer, Parcel parcel, Notice notice, Channel channel, Lane lane, long now) {
    var waited = parcel.age(now);
    var kind = channel.kind();
    return switch (answer) {
      case Answer.Delivered delivered -> {
        parcel.delivered(notice, delivered, now);
        yield new Came(true, () -> outcomes.delivered(notice, kind, waited, delivered.hint()));
      }
      case Answer.Later(var why, _) when waited.compareTo(patience.giveUp()) >= 0 -> {
        var forSoLong = "not delivered for " + Words.of(patience.giveUp()) + ": " + why;
        yield died(parcel, notice, kind, forSoLong, now);
      }
      case Answer.Later(var why, var retryAfter) -> {
        if (retryAfter != null && retryAfter.isPositive()) {
          lane.pause(now + patience.obeyedNanos(retryAfter));
        } else {
          parcel.backOff(patience, random, now);
        }
        parcel.again(notice);
        if (!parcel.isWaiting()) {
          yield Came.NOTHING; // withdrawn meanwhile
        }
        var nextTry = Math.max(parcel.notBefore(), lane.pausedUntil());
        var delay = parcel.delayed(notice, why, nextTry, patience, now);
        yield new Came(
            delay == Outcomes.Delay.News,
            () -> outcomes.willRetry(notice, kind, waited, why, delay));
      }
      case Answer.Refused(var why) -> died(parcel, notice, kind, why, now);
    };
  }

  private Came died(Parcel parcel, Notice notice, String kind, String why, long now) {
    return parcel.die(notice, why, now)
        ? new Came(true, () -> outcomes.dead(notice, kind, why))
        : Came.NOTHING;
  }
}
