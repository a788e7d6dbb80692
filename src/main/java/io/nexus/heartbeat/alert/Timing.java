package io.nexus.heartbeat.alert;

import java.time.Duration;

/** Time as the courier knows it: tests bring their own and need not wait. */
interface Timing {

  /** Monotonic. */
  long nanos();

  /** Does the work once the delay is over, on a thread of its own. */
  Alarm in(Duration delay, Runnable work);

  /** Work that is due later, or being done. */
  interface Alarm {

    /** Interrupts it: what has not begun never begins. */
    void cancel();
  }

  /** A virtual thread for each alarm: it sleeps until it is due and ends with its work. */
  Timing REAL =
      new Timing() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public Alarm in(Duration delay, Runnable work) {
          return Thread.ofVirtual()
                  .name("courier")
                  .start(
                      () -> {
                        try {
                          Thread.sleep(delay);
                        } catch (InterruptedException _) {
                          return; // cancelled
                        }
                        work.run();
                      })
              ::interrupt;
        }
      };
}
