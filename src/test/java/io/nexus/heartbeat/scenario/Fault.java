package io.nexus.heartbeat.scenario;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When an operator dies: at its n-th write, of statuses and workloads counted together, before it
 * reaches the API server or after. From then on nothing it does reaches anything.
 */
final class Fault {
  static final Fault NONE = new Fault(Integer.MAX_VALUE, false);

  private final int write;
  private final boolean after;
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicBoolean dead = new AtomicBoolean();

  private Fault(int write, boolean after) {
    this.write = write;
    this.after = after;
  }

  static Fault beforeWrite(int n) {
    return new Fault(n, false);
  }

  static Fault afterWrite(int n) {
    return new Fault(n, true);
  }

  /** The connection is cut. */
  static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A write as the dying operator sees it. */
  interface Write<T, E extends Exception> {
    T run() throws E, InterruptedException;
  }

  <T, E extends Exception> T around(Write<T, E> call) throws E, InterruptedException {
    var mine = writes.incrementAndGet();
    if (dead.get() || (mine >= write && !after)) {
      dead.set(true);
      throw new Death();
    }
    var result = call.run();
    if (mine >= write) {
      dead.set(true);
      throw new Death();
    }
    return result;
  }

  void check() {
    if (dead.get()) {
      throw new Death();
    }
  }

  boolean isDead() {
    return dead.get();
  }

  int writes() {
    return writes.get();
  }
}
