package io.nexus.heartbeat.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long this process was kept from running, as a thread sees it that only sleeps: a millisecond
 * at a time, and what it oversleeps is a stall. In the engine's process that is the machine and the
 * virtual machine; in one that does little, the machine alone.
 */
final class Stalls {
  private static final long NAP = 1_000_000;

  private final AtomicLong longest = new AtomicLong();

  Stalls() {
    Thread.ofPlatform().daemon().name("stalls").start(this::watch);
  }

  private void watch() {
    while (true) {
      var begun = System.nanoTime();
      LockSupport.parkNanos(this, NAP);
      var overslept = System.nanoTime() - begun - NAP;
      longest.accumulateAndGet(overslept, Math::max);
    }
  }

  /** Milliseconds, the longest since this was last asked. */
  double longest() {
    return longest.getAndSet(0) / 1e6;
  }
}
