package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.alert.Outcomes.Delay;
import io.nexus.heartbeat.decide.Notice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver has to be told about one incident, and how far that has come. At most one
 * notice waits and one is on its way, never two on their way. Guarded by the courier's lock.
 */
final class Parcel {

  /** One conversation with one receiver. */
  record Key(String monitor, String incident, String receiver) {
    static Key of(Notice notice) {
      return new Key(notice.monitor(), notice.incident(), notice.receiver());
    }
  }

  /** With its place in the order in which all news happened. */
  record Fresh(long order, Delivery delivery) {}

  private final Key key;
  private final LongSupplier order;
  private final List<Fresh> news =
      new ArrayList<>(2); // the last of each kind, no delay that is over
  private Channel channel;
  private @Nullable Notice waiting;
  private @Nullable Notice sending;
  private boolean wanted = true;
  private boolean lastWord;
  private @Nullable String delayedBecause;
  private long delaySaidAt;
  private long since;
  private long notBefore;
  private int failures;

  /**
   * @param order counts the news of all parcels
   */
  Parcel(Key key, Channel channel, LongSupplier order) {
    this.key = key;
    this.channel = channel;
    this.order = order;
  }

  /**
   * A newer notice replaces the one that waits, since it holds all that is untold. The old one's
   * place and pause are kept, so that many happenings cannot hurry a provider that is down.
   */
  void offer(Notice notice, Channel through, long now) {
    wanted = true;
    lastWord = false;
    if (isDealtWith(notice.seq()) || (waiting != null && notice.seq() < waiting.seq())) {
      return;
    }
    var idle = waiting == null && sending == null;
    if (idle) {
      since = now;
      delayedBecause = null;
    }
    if (idle || !channel.destination().equals(through.destination())) {
      notBefore = now;
      failures = 0;
    }
    channel = through;
    waiting = after(notice);
  }

  /** It need not be told any more; what is on its way cannot be called back. */
  void withdraw() {
    waiting = null;
    wanted = false;
  }

  /** Nobody will ask for it again; it is told all the same. */
  void becomeLastWord() {
    lastWord = true;
  }

  boolean isLastWord() {
    return lastWord;
  }

  private boolean isDealtWith(int seq) {
    return (sending != null && seq <= sending.seq())
        || news.stream().anyMatch(n -> n.delivery().isFinal() && seq <= n.delivery().seq());
  }

  /** What of the notice is not delivered yet, threaded under what is. */
  private Notice after(Notice notice) {
    for (var fresh : news) {
      if (fresh.delivery() instanceof Delivery.Delivered told) {
        return after(notice, told);
      }
    }
    return notice;
  }

  private static Notice after(Notice notice, Delivery.Delivered told) {
    var untold = notice.news().stream().filter(h -> h.seq() > told.seq()).toList();
    return new Notice(
        notice.monitor(),
        notice.receiver(),
        notice.incident(),
        notice.target(),
        notice.level(),
        notice.cause(),
        notice.remedy(),
        notice.openedAt(),
        notice.resolvedAt(),
        untold,
        told.messageId() == null ? notice.lastMessageId() : told.messageId(),
        notice.choices());
  }

  Notice send() {
    var notice = waiting;
    if (notice == null) {
      throw new IllegalStateException("nothing waits for " + key);
    }
    sending = notice;
    waiting = null;
    return notice;
  }

  void delivered(Notice notice, Answer.Delivered answer, long now) {
    add(
        new Delivery.Delivered(
            key.monitor,
            key.incident,
            key.receiver,
            notice.seq(),
            answer.messageId(),
            answer.hint(),
            answer.keyboard()));
    sending = null;
    failures = 0;
    delayedBecause = null;
    since = now;
    notBefore = now;
    waiting = waiting == null ? null : after(waiting);
  }

  private void add(Delivery delivery) {
    news.removeIf(
        fresh ->
            fresh.delivery() instanceof Delivery.Delayed
                || fresh.delivery().getClass() == delivery.getClass());
    news.add(new Fresh(order.getAsLong(), delivery));
  }

  /** What came meanwhile holds this one's news too. */
  void again(Notice notice) {
    sending = null;
    waiting = waiting == null && wanted ? notice : waiting;
  }

  /**
   * A try has failed and the next comes only at {@code nextTry}. That is news once that makes it
   * late, and again when the reason has changed, though not each second.
   */
  Delay delayed(Notice notice, String why, long nextTry, Patience patience, long now) {
    var quiet = patience.quiet().toNanos();
    var isFirst = delayedBecause == null;
    if (!wanted || (isFirst && nextTry - since < quiet)) {
      return Delay.Young;
    }
    if (!isFirst && (why.equals(delayedBecause) || now - delaySaidAt < quiet)) {
      return Delay.Known;
    }
    delayedBecause = why;
    delaySaidAt = now;
    add(new Delivery.Delayed(key.monitor, key.incident, key.receiver, notice.seq(), why));
    return Delay.News;
  }

  void backOff(Patience patience, RandomGenerator random, long now) {
    failures++;
    notBefore = now + patience.backoffNanos(failures, random);
  }

  /**
   * @return false when nobody wants it any more, or something newer waits, which holds this one's
   *     news and gets its own chance
   */
  boolean die(Notice notice, String why, long now) {
    sending = null;
    if (waiting != null) {
      notBefore = now;
      return false;
    }
    if (wanted) {
      add(new Delivery.Dead(key.monitor, key.incident, key.receiver, notice.seq(), why));
    }
    return wanted;
  }

  List<Fresh> news() {
    return news;
  }

  void settle(Collection<? extends Delivery> written) {
    news.removeIf(fresh -> written.contains(fresh.delivery()));
  }

  boolean isOver() {
    return !isUndelivered() && news.isEmpty();
  }

  boolean isWaiting() {
    return waiting != null;
  }

  boolean isUndelivered() {
    return waiting != null || sending != null;
  }

  /** It waits and nothing of this conversation is on its way. */
  boolean canGo() {
    return waiting != null && sending == null;
  }

  long notBefore() {
    return notBefore;
  }

  Duration age(long now) {
    return Duration.ofNanos(now - since);
  }

  Channel channel() {
    return channel;
  }

  Key key() {
    return key;
  }
}
