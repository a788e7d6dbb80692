package io.nexus.heartbeat.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does to the world, one effect after the other, and the one at which it dies:
 * before that reached the world, or after. From then on nothing it does reaches anything.
 *
 * <p>Effects have names, such as {@code status Critical Planned 1} or {@code workload 1}: a number
 * alone would mean another write in each run, because Events and messages go out on their own
 * threads.
 */
public final class Fault {
  private final @Nullable String at;
  private final boolean after;
  private final Map<String, Integer> seen = new ConcurrentHashMap<>();
  private final List<String> effects = new CopyOnWriteArrayList<>();
  private final CountDownLatch death = new CountDownLatch(1);

  /** Of whatever name. */
  private static final String ANY = "effect ";

  private final AtomicInteger total = new AtomicInteger();

  private Fault(@Nullable String at, boolean after) {
    this.at = at;
    this.after = after;
  }

  /** Only counts. */
  public static Fault none() {
    return new Fault(null, false);
  }

  public static Fault before(String effect) {
    return new Fault(effect, false);
  }

  public static Fault after(String effect) {
    return new Fault(effect, true);
  }

  /**
   * @param which of all effects, from 1
   */
  public static Fault before(int which) {
    return new Fault(ANY + which, false);
  }

  public static Fault after(int which) {
    return new Fault(ANY + which, true);
  }

  /** The connection is cut. */
  public static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** An effect as the dying operator sees it. */
  public interface Effect<T, E extends Exception> {
    T run() throws E, InterruptedException;
  }

  public <T, E extends Exception> T around(String name, Effect<T, E> effect)
      throws E, InterruptedException {
    check();
    var mine = name + " " + seen.merge(name, 1, Integer::sum);
    effects.add(mine);
    var fatal = mine.equals(at) || (ANY + total.incrementAndGet()).equals(at);
    if (fatal && !after) {
      throw died();
    }
    var result = effect.run();
    if (fatal) {
      throw died();
    }
    check();
    return result;
  }

  private Death died() {
    death.countDown();
    return new Death();
  }

  public void check() {
    if (isDead()) {
      throw new Death();
    }
  }

  public boolean isDead() {
    return death.getCount() == 0;
  }

  public boolean awaitDeath(Duration patience) throws InterruptedException {
    return death.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** In the order in which they were begun. */
  public List<String> effects() {
    return effects;
  }

  @Override
  public String toString() {
    return at == null ? "nothing" : (after ? "after " : "before ") + at;
  }
}
