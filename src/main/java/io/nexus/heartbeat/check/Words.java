package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a store and its driver say, in words.
 *
 * @param secrets what was sent to the peer, which may send it back
 */
record Words(Deadline deadline, List<String> secrets) {
  private static final int MAX_WIRE_TEXT = 200;

  String timedOut() {
    return String.valueOf(deadline.timedOut().getMessage());
  }

  /**
   * Of any failure to open or use a connection.
   *
   * @throws InterruptedException when the failure is only that the check was ended
   */
  Reading broken(Throwable failure) throws InterruptedException {
    var late =
        deadline.remaining().isZero()
            || chain(failure).stream().anyMatch(SocketTimeoutException.class::isInstance);
    return Faults.reading(late ? deadline.timedOut() : failure, this::clean);
  }

  static Reading.Down down(String cause) {
    return new Reading.Down(cause, Measurements.NONE);
  }

  static List<Throwable> chain(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20).toList();
  }

  /** Text from the wire: one line, bounded, harmless to show, without what we sent. */
  String clean(@Nullable String text) {
    var shown = String.valueOf(text);
    for (var secret : secrets) {
      shown = secret.isEmpty() ? shown : shown.replace(secret, "***");
    }
    return Plain.text(shown, MAX_WIRE_TEXT);
  }

  static String nameOf(ValueFrom from) {
    return from.toString();
  }
}
