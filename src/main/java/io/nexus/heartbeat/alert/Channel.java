package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.api.Keyboard;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One way to tell people. Sends once; when to try again is the courier's business. */
public interface Channel {

  /** Never throws for what the provider does. */
  Answer send(Notice notice, Deadline deadline) throws InterruptedException;

  /** Channels with the same destination share one lane and its rate limits; no secrets in it. */
  String destination();

  /** What it is called in metrics and in the spec: {@code telegram}. */
  String kind();

  /** How much the provider takes; the courier sends no faster. */
  default List<Limit> limits() {
    return List.of();
  }

  /** Whether people would be told, without telling them; empty where there is nothing to try. */
  default Optional<Trial> tryOut(Deadline deadline) {
    return Optional.empty();
  }

  /** What hears of the buttons under its messages; empty where there is none, or none now. */
  default Optional<Bot> bot() {
    return Optional.empty();
  }

  /**
   * What was found without a message.
   *
   * @param fix what to do; empty when people would be told
   * @param providersTime by the provider's clock, where it was told
   */
  record Trial(String words, String fix, @Nullable Instant providersTime) {
    public boolean isWell() {
      return fix.isEmpty();
    }
  }

  /**
   * Everything sent under the same scope counts together.
   *
   * @param scope what the provider counts by; no secrets in it
   */
  record Limit(String scope, int messages, Duration per) {}

  /** What came of it. */
  sealed interface Answer {

    /**
     * @param messageId the provider's id of the message
     * @param hint it arrived, but somebody should mend this before it no longer does
     * @param keyboard the buttons under it
     */
    record Delivered(@Nullable String messageId, @Nullable String hint, @Nullable Keyboard keyboard)
        implements Answer {
      public Delivered(@Nullable String messageId) {
        this(messageId, null, null);
      }
    }

    /**
     * Try again later. Also when it is not known whether the message arrived.
     *
     * @param retryAfter as the provider demands; it costs no attempt
     */
    record Later(String why, @Nullable Duration retryAfter) implements Answer {}

    /** Trying again is useless until somebody mends the configuration. */
    record Refused(String why) implements Answer {}
  }
}
