package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Fault;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.function.UnaryOperator;

/** A failed connection as a reading. */
final class Faults {
  private Faults() {}

  /**
   * @throws InterruptedException when the failure is only that the check was ended
   */
  static Reading reading(Throwable failure) throws InterruptedException {
    return reading(failure, words -> words);
  }

  static Reading reading(Throwable failure, UnaryOperator<String> shown)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the check was ended");
    }
    return switch (Fault.of(failure)) {
      case Fault.Down(var words) -> new Reading.Down(shown.apply(words), Measurements.NONE);
      case Fault.Unknown(var words) -> new Reading.Unknown(shown.apply(words));
    };
  }
}
