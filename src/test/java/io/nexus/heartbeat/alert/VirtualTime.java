package io.nexus.heartbeat.alert;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when the test says so; what is due is done on the test's thread, in order. */
final class VirtualTime implements Timing {
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private long now;
  private long order;

  private record Due(long at, long order, Runnable work) {}

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Alarm in(Duration delay, Runnable work) {
    var entry = new Due(now + delay.toNanos(), order++, work);
    due.add(entry);
    return () -> due.remove(entry);
  }

  /** Does everything that is due within this time. */
  void pass(Duration duration) {
    var until = now + duration.toNanos();
    while (!due.isEmpty() && due.peek().at <= until) {
      var next = due.remove();
      now = next.at;
      next.work.run();
    }
    now = until;
  }

  boolean isIdle() {
    return due.isEmpty();
  }
}
