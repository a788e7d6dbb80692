package io.nexus.heartbeat.operator.kubelet;

import io.nexus.heartbeat.check.Endpoints.NotTold;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One question about each key at a time; its answer is for all who ask meanwhile and for a moment
 * after. A question is nobody's own: it goes on when who asked waits no longer. Counts on the
 * monotonic clock.
 */
final class Shared<K, V> {
  /** Who mends something wants to see it noticed. */
  private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

  private final Map<K, Asked<V>> all = new ConcurrentHashMap<>();
  private final Question<K, V> question;
  private final Duration kept;
  private volatile long sweptAt = System.nanoTime();

  @FunctionalInterface
  interface Question<K, V> {
    /** Must end by itself. */
    V ask(K key) throws NotTold, InterruptedException;
  }

  Shared(Duration kept, Question<K, V> question) {
    this.kept = kept;
    this.question = question;
  }

  /**
   * @throws TimeoutException the answer did not come within the patience
   */
  V get(K key, Duration patience) throws NotTold, InterruptedException, TimeoutException {
    sweep();
    var asked = all.compute(key, (_, known) -> known == null || isOver(known) ? asked(key) : known);
    try {
      return asked.answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotTold told) {
        throw new NotTold(String.valueOf(told.getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Asked<V> asked(K key) {
    var asked = new Asked<V>();
    Thread.ofVirtual()
        .name("asks " + key)
        .start(
            () -> {
              try {
                var value = question.ask(key);
                asked.endedAt = System.nanoTime();
                asked.answer.complete(value);
              } catch (NotTold | InterruptedException | RuntimeException e) {
                asked.endedAt = System.nanoTime();
                asked.answer.completeExceptionally(e);
              } finally {
                // After an Error: nobody is to wait for ever, for what will not come.
                asked.answer.completeExceptionally(new IllegalStateException("no answer"));
              }
            });
    return asked;
  }

  private boolean isOver(Asked<V> asked) {
    var lasts = asked.answer.isCompletedExceptionally() ? FAILURE_KEPT : kept;
    return asked.answer.isDone() && System.nanoTime() - asked.endedAt >= lasts.toNanos();
  }

  /** What nobody asks about any more is not kept. */
  private void sweep() {
    if (System.nanoTime() - sweptAt >= kept.toNanos()) {
      sweptAt = System.nanoTime();
      all.values().removeIf(this::isOver);
    }
  }

  private static final class Asked<V> {
    private final CompletableFuture<V> answer = new CompletableFuture<>();
    private volatile long endedAt;
  }
}
