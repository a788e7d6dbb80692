package io.nexus.heartbeat.operator;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was read lately, so that many who ask for the same in a moment cause one request. Each key
 * waits for its own reading only. Counts on the monotonic clock.
 */
final class Recent<K, V> {
  private static final int BOUND = 2_000;

  private final Map<K, Slot<V>> slots = new ConcurrentHashMap<>();
  private final Function<K, V> read;
  private final ToLongFunction<V> keptNanos;

  Recent(Function<K, V> read, Function<V, Duration> kept) {
    this.read = read;
    this.keptNanos = value -> kept.apply(value).toNanos();
  }

  V get(K key) throws InterruptedException {
    if (slots.size() >= BOUND) {
      // What is in use comes back with one request each.
      slots.clear();
    }
    var slot = slots.computeIfAbsent(key, _ -> new Slot<>());
    slot.lock.lockInterruptibly();
    try {
      var value = slot.value;
      if (value == null || System.nanoTime() - slot.readAt >= keptNanos.applyAsLong(value)) {
        value = read.apply(key);
        slot.value = value;
        slot.readAt = System.nanoTime();
      }
      return value;
    } finally {
      slot.lock.unlock();
    }
  }

  private static final class Slot<V> {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable V value;
    private long readAt;
  }
}
