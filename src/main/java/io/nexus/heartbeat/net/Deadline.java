package io.nexus.heartbeat.net;

import java.io.Closeable;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * When one check, or one delivery, must be over. Everything opened under it is closed when it
 * passes, so that a peer that answers a byte at a time gains nothing.
 *
 * <p>Counts on the monotonic clock.
 */
public interface Deadline {

  /** What is left; zero when it has passed. */
  Duration remaining();

  /** Milliseconds left for a driver's time-out, at least 1. */
  default int remainingMillis() throws SocketTimeoutException {
    var left = remaining();
    if (left.isZero()) {
      throw timedOut();
    }
    return (int) Math.clamp(left.toMillis(), 1, Integer.MAX_VALUE);
  }

  /** What to throw when it has passed; the message begins with "timed out". */
  default SocketTimeoutException timedOut() {
    return new SocketTimeoutException("timed out");
  }

  /** Closed when the deadline passes, if not before. */
  <C extends Closeable> C closing(C resource);
}
