package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One way to tell people. Sends once; when to try again is the courier's business. */
public interface Channel {

  /** Never throws for what the provider does. */
  Answer send(Notice notice, Deadline deadline) throws InterruptedException;

  /** Channels with the same destination share one lane and its rate limits; no secrets in it. */
  String destination();

  /** What came of it. */
  sealed interface Answer {

    /**
     * @param messageId the provider's id of the message
     */
    record Delivered(@Nullable String messageId) implements Answer {}

    /**
     * Try again later.
     *
     * @param retryAfter as the provider demands; it costs no attempt
     */
    record Later(String why, @Nullable Duration retryAfter) implements Answer {}

    /** Trying again is useless until somebody mends the configuration. */
    record Refused(String why) implements Answer {}
  }
}
