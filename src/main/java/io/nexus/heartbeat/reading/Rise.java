package io.nexus.heartbeat.reading;

import java.time.Instant;

/**
 * Of a measurement that rises towards a limit, what it takes to foretell when that is reached.
 *
 * @param measurement its name
 * @param since when it last began anew; what was measured before tells nothing
 * @param until when it begins anew; a limit that would be reached later is never reached
 * @param event what happens at the limit, in words: {@code limit reached}, {@code full}
 */
public record Rise(String measurement, double limit, Instant since, Instant until, String event) {

  /** Of what never begins anew by itself. */
  public static Rise of(String measurement, double limit, String event) {
    return new Rise(measurement, limit, Instant.MIN, Instant.MAX, event);
  }
}
