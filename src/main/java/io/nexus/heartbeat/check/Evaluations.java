package io.nexus.heartbeat.check;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Where conditions are evaluated: on platform threads, among which the system divides the
 * processors. On a virtual thread what computes without end would hold up every other check.
 */
public final class Evaluations implements AutoCloseable {
  private static final int MOST = 32;

  /** Of a processor; a thousand times what any sensible condition takes. */
  private static final Duration MOST_WORK = Duration.ofSeconds(1);

  private final Semaphore free = new Semaphore(MOST);
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE, // it is the semaphore that bounds them
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("heartbeat-conditions-", 0).factory());

  /**
   * Waits no longer than that. What is given up ends by itself, at its next step.
   *
   * @throws TimeoutException it took longer
   */
  <T> T within(Duration allowed, Function<Stop, T> evaluation)
      throws InterruptedException, TimeoutException {
    var end = System.nanoTime() + allowed.toNanos();
    if (!free.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException();
    }
    var stop = new Stop(end);
    var running =
        threads.submit(
            () -> {
              try {
                stop.begin();
                return evaluation.apply(stop);
              } finally {
                free.release();
              }
            });
    try {
      return running.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Stopped) {
        throw new TimeoutException();
      }
      throw new IllegalStateException("a condition failed in a way it must not", e.getCause());
    } finally {
      stop.now();
    }
  }

  /** Asked at each step of an evaluation whether it may go on. */
  static final class Stop {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Asking the system costs more than a step does. */
    private static final int STEPS_AT_ONCE = 512;

    private final long end;
    private volatile boolean stopped;
    private long begun;
    private int steps;

    Stop(long end) {
      this.end = end;
    }

    private void now() {
      stopped = true;
    }

    private void begin() {
      begun = THREADS.getCurrentThreadCpuTime();
    }

    /** Only by the thread that evaluates. */
    void check() {
      if (stopped
          || System.nanoTime() - end > 0
          || ++steps % STEPS_AT_ONCE == 0
              && THREADS.getCurrentThreadCpuTime() - begun > MOST_WORK.toNanos()) {
        throw new Stopped();
      }
    }
  }

  /** No exception, for of those an expression may make a value. */
  static final class Stopped extends Error {
    private static final long serialVersionUID = 1;

    Stopped() {
      super("stopped", null, false, false);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
