package io.nexus.heartbeat.reading;

import java.time.Duration;
import java.time.Instant;

/** A reading, with when its check began and how long it took. */
public record Observation(Instant begun, Duration took, Reading reading) {
  public Instant finished() {
    return begun.plus(took);
  }
}
