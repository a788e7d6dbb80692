package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.decide.Notice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

  private final Key key;
  private Channel channel;
  private @Nullable Notice waiting;
  private @Nullable Notice sending;
  private Delivery.@Nullable Delivered delivered;
  private Delivery.@Nullable Dead dead;
  private long since;
  private long notBefore;
  private int failures;

  Parcel(Key key, Channel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * A newer notice replaces the one that waits, since it holds all that is untold. The old one's
   * place and pause are kept, so that many happenings cannot hurry a provider that is down.
   */
  void offer(Notice notice, Channel through, long now) {
    if (isDealtWith(notice.seq()) || (waiting != null && notice.seq() < waiting.seq())) {
      return;
    }
    var idle = waiting == null && sending == null;
    if (idle) {
      since = now;
    }
    if (idle || !channel.destination().equals(through.destination())) {
      notBefore = now;
      failures = 0;
    }
    channel = through;
    waiting = delivered == null ? notice : after(notice, delivered);
  }

  private boolean isDealtWith(int seq) {
    return (sending != null && seq <= sending.seq())
        || (delivered != null && seq <= delivered.seq())
        || (dead != null && seq <= dead.seq());
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
        told.messageId() == null ? notice.lastMessageId() : told.messageId());
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

  void delivered(Notice notice, @Nullable String messageId, @Nullable String hint, long now) {
    delivered =
        new Delivery.Delivered(
            key.monitor, key.incident, key.receiver, notice.seq(), messageId, hint);
    sending = null;
    failures = 0;
    since = now;
    notBefore = now;
    waiting = waiting == null ? null : after(waiting, delivered);
  }

  /** What came meanwhile holds this one's news too. */
  void again(Notice notice) {
    sending = null;
    waiting = waiting == null ? notice : waiting;
  }

  void backOff(Patience patience, RandomGenerator random, long now) {
    failures++;
    notBefore = now + patience.backoffNanos(failures, random);
  }

  /**
   * @return false when something newer waits, which holds this one's news and gets its own chance
   */
  boolean die(Notice notice, String why, long now) {
    sending = null;
    if (waiting != null) {
      notBefore = now;
      return false;
    }
    dead = new Delivery.Dead(key.monitor, key.incident, key.receiver, notice.seq(), why);
    return true;
  }

  List<Delivery> news() {
    var news = new ArrayList<Delivery>(2);
    if (delivered != null) {
      news.add(delivered);
    }
    if (dead != null) {
      news.add(dead);
    }
    return news;
  }

  void settle(Collection<? extends Delivery> written) {
    delivered = delivered != null && written.contains(delivered) ? null : delivered;
    dead = dead != null && written.contains(dead) ? null : dead;
  }

  boolean isOver() {
    return !isUndelivered() && delivered == null && dead == null;
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
