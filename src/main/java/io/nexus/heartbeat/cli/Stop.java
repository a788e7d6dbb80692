package io.nexus.heartbeat.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * The order to end, by SIGTERM or Ctrl-C. The first lets what runs end in order; while something is
 * still starting it is interrupted. The second ends the process where it stands.
 */
final class Stop {
  private static final int INTERRUPTED = 130; // as shells say of Ctrl-C

  private final CountDownLatch told = new CountDownLatch(1);
  private @Nullable Thread starting;
  private volatile int exitCode;

  private Stop(Thread starting) {
    this.starting = starting;
  }

  /** The calling thread is the one that starts. */
  static Stop onSignals() {
    var stop = new Stop(Thread.currentThread());
    Signals.on("TERM", signal -> stop.tell(signal, 0));
    Signals.on("INT", signal -> stop.tell(signal, INTERRUPTED));
    return stop;
  }

  private synchronized void tell(Signal signal, int code) {
    if (isTold()) {
      Runtime.getRuntime().halt(128 + signal.getNumber());
    }
    exitCode = code;
    told.countDown();
    if (starting != null) {
      starting.interrupt();
    }
  }

  /**
   * From now on nothing is interrupted.
   *
   * @throws InterruptedException the order came while starting
   */
  synchronized void started() throws InterruptedException {
    starting = null;
    if (Thread.interrupted() || isTold()) {
      throw new InterruptedException();
    }
  }

  boolean isTold() {
    return told.getCount() == 0;
  }

  void await() throws InterruptedException {
    told.await();
  }

  /** True when the order came within this time. */
  boolean await(Duration patience) throws InterruptedException {
    return told.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** After SIGTERM 0: to be stopped is how a service ends. */
  int exitCode() {
    return exitCode;
  }
}
