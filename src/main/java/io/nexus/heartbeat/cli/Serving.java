package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.web.Readers;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** What every long-running command does the same way. */
final class Serving {
  private Serving() {}

  /** Health and metrics; an address that is taken is the user's to mend. */
  static void start(
      Machinery machinery,
      InetSocketAddress address,
      String option,
      Readers readers,
      Supplier<Optional<String>> whyBroken,
      Supplier<Optional<String>> whyNotReady) {
    try {
      machinery.serve(address, option, readers, whyBroken, whyNotReady);
    } catch (IOException e) {
      throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Runs {@code stop} when the process is told to end, and lets it end only after {@code done}: the
   * virtual machine waits for its hooks, so the last message is sent and the lock given back.
   */
  static void stopOnSignal(Runnable stop, CountDownLatch done) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.run();
                  try {
                    done.await();
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }
}
