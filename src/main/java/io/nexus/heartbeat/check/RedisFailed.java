package io.nexus.heartbeat.check;

import io.nexus.heartbeat.reading.Reading;
import org.jspecify.annotations.Nullable;

/** A server did not answer as it should, in the words of a reading. */
final class RedisFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Reading reading;
  private final String said;

  /**
   * @param said the server's own error; empty when it did not say one
   */
  RedisFailed(Reading reading, String said, @Nullable Throwable cause) {
    super(cause);
    this.reading = reading;
    this.said = said;
  }

  RedisFailed(Reading reading) {
    this(reading, "", null);
  }

  Reading reading() {
    return reading;
  }

  /** Whether the server's error begins with this code, such as NOPERM. */
  boolean is(String code) {
    return said.equals(code) || said.startsWith(code + " ");
  }

  /** Raw: it is only to be compared with. */
  String said() {
    return said;
  }
}
