package io.nexus.heartbeat.net;

import java.io.Closeable;
import java.time.Duration;

/**
 * A part of what is left of a deadline, so that a peer that is mute leaves time for what comes
 * after it. Whoever waits must look at what remains: what was opened is closed by the whole only.
 *
 * @param end in nanoseconds of the monotonic clock
 */
public record Share(Deadline whole, long end) implements Deadline {

  /** Begins now. */
  public static Share half(Deadline whole) {
    return of(whole, 2);
  }

  /** One of so many equal parts; begins now. */
  public static Share of(Deadline whole, int parts) {
    return new Share(whole, System.nanoTime() + whole.remaining().dividedBy(parts).toNanos());
  }

  @Override
  public Duration remaining() {
    var left = end - System.nanoTime();
    return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
  }

  @Override
  public <C extends Closeable> C closing(C resource) {
    return whole.closing(resource);
  }
}
