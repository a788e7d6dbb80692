package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.decide.Notice;
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
 *   <li>then {@link #settle}s what was written, and {@link #offer}s what the written status says is
 *       untold.
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
  private final Tally tally;
  private final Timing timing;
  private final RandomGenerator random;
  private final Patience patience;

  private final Object lock = new Object();
  private final Map<String, Map<Parcel.Key, Parcel>> monitors = new HashMap<>();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Rates rates = new Rates();
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
    this.tally = tally;
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
              .computeIfAbsent(key, _ -> new Parcel(key, channel));
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

  /** What was delivered or has died since it was last settled, in the order it happened. */
  public List<Delivery> news(String monitor) {
    synchronized (lock) {
      return monitors.getOrDefault(monitor, Map.of()).values().stream()
          .flatMap(parcel -> parcel.news().stream())
          .toList();
    }
  }

  /** This news is in the ledger now and need not be kept. */
  public void settle(String monitor, Collection<? extends Delivery> written) {
    synchronized (lock) {
      var parcels = monitors.get(monitor);
      if (parcels != null) {
        parcels.values().forEach(parcel -> parcel.settle(written));
        parcels.values().removeIf(Parcel::isOver);
        monitors.values().removeIf(Map::isEmpty);
      }
    }
  }

  /**
   * The monitor is gone: nothing more is sent for it. Who wants a last word delivered first forgets
   * it once that is in the {@link #news}.
   */
  public void forget(String monitor) {
    synchronized (lock) {
      var parcels = monitors.remove(monitor);
      if (parcels != null) {
        parcels.values().forEach(this::leave);
      }
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
      notice = parcel.send();
      sent = rates.begin(channel.limits(), now);
      lane.begin();
    }
    var answer = send(notice, channel);
    boolean isNews;
    synchronized (lock) {
      var now = timing.nanos();
      rates.end(sent, now);
      lane.end();
      isNews = take(answer, parcel, notice, channel, lane, now);
      if (!parcel.isWaiting() || !isKnown(parcel)) {
        lane.remove(parcel);
      } else if (laneOf(parcel) != lane) {
        lane.remove(parcel);
        schedule(laneOf(parcel));
      }
      schedule(lane);
      lock.notifyAll();
    }
    if (isNews) {
      onNews.accept(notice.monitor());
    }
  }

  private Answer send(Notice notice, Channel channel) {
    try (var deadline = deadlines.start(patience.send())) {
      return channel.send(notice, deadline);
    } catch (InterruptedException _) {
      return new Answer.Later("interrupted while sending", null);
    } catch (RuntimeException bug) {
      // Without its message, which may hold whatever the channel was working on.
      LOG.error(
          "The {} channel failed: {} at {}",
          channel.kind(),
          bug.getClass().getName(),
          List.of(bug.getStackTrace()));
      return new Answer.Later("a fault in Heartbeat's " + channel.kind() + " channel", null);
    }
  }

  private boolean isKnown(Parcel parcel) {
    return monitors.getOrDefault(parcel.key().monitor(), Map.of()).get(parcel.key()) == parcel;
  }

  /**
   * @return whether there is something for the ledger
   */
  private boolean take(
      Answer answer, Parcel parcel, Notice notice, Channel channel, Lane lane, long now) {
    var known = isKnown(parcel);
    switch (answer) {
      case Answer.Delivered(var messageId, var hint) -> {
        tally.delivered(channel.kind(), parcel.age(now));
        if (hint != null) {
          LOG.warn("{}: receiver {}: {}", notice.monitor(), notice.receiver(), hint);
        }
        parcel.delivered(notice, messageId, hint, now);
        return known;
      }
      case Answer.Later(var why, var retryAfter) -> {
        if (retryAfter != null) {
          lane.pause(now + patience.obeyedNanos(retryAfter));
        } else {
          parcel.backOff(patience, random, now);
        }
        if (parcel.age(now).compareTo(patience.giveUp()) >= 0) {
          var tried = Words.duration(patience.giveUp());
          return died(parcel, notice, channel, "not delivered for " + tried + ": " + why, now)
              && known;
        }
        parcel.again(notice);
        tally.retried(channel.kind());
        LOG.info("{}: receiver {}: will retry: {}", notice.monitor(), notice.receiver(), why);
        return false;
      }
      case Answer.Refused(var why) -> {
        return died(parcel, notice, channel, why, now) && known;
      }
    }
  }

  private boolean died(Parcel parcel, Notice notice, Channel channel, String why, long now) {
    if (!parcel.die(notice, why, now)) {
      return false;
    }
    tally.dead(channel.kind());
    LOG.warn(
        "{}: receiver {} is not told about incident {}: {}",
        notice.monitor(),
        notice.receiver(),
        notice.shortId(),
        why);
    return true;
  }
}
