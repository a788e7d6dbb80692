package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.web.Readers;
import io.nexus.heartbeat.wiring.Machinery;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health and metrics of {@code run}. A port that is taken stops no check: it is said, and tried
 * again, for the one before us may be about to end. For one thread.
 */
final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(10);

  private final Machinery machinery;
  private final InetSocketAddress address;
  private final String option;
  private final Readers readers;
  private boolean listens;
  private boolean complained;
  private long next = System.nanoTime();

  Listener(Machinery machinery, InetSocketAddress address, String option, Readers readers) {
    this.machinery = machinery;
    this.address = address;
    this.option = option;
    this.readers = readers;
  }

  /** Called again and again. */
  void attempt() {
    if (listens || System.nanoTime() - next < 0) {
      return;
    }
    next = System.nanoTime() + BETWEEN_ATTEMPTS.toNanos();
    try {
      Serving.start(machinery, address, option, readers, Optional::empty, Optional::empty);
      listens = true;
    } catch (Failure e) {
      if (!complained) {
        complained = true;
        log.error(
            "{}. Checks go on without health and metrics; it is tried again every {} s",
            e.getMessage(),
            BETWEEN_ATTEMPTS.toSeconds());
      }
    }
  }
}
