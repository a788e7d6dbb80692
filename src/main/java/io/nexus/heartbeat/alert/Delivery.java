package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.api.Keyboard;
import org.jspecify.annotations.Nullable;

/** What became of a notice: to be written into the ledger, then settled. */
public sealed interface Delivery {

  /** {@code namespace/name}. */
  String monitor();

  String incident();

  String receiver();

  /** The last happening it is about. */
  int seq();

  /** Everything up to {@link #seq} is dealt with, and will not be told again. */
  default boolean isFinal() {
    return !(this instanceof Delayed);
  }

  /**
   * The receiver knows.
   *
   * @param messageId the provider's id of the message, to thread the next one under
   * @param hint what somebody should mend although it arrived
   * @param keyboard the buttons under it
   */
  record Delivered(
      String monitor,
      String incident,
      String receiver,
      int seq,
      @Nullable String messageId,
      @Nullable String hint,
      @Nullable Keyboard keyboard)
      implements Delivery {}

  /**
   * The receiver will not be told.
   *
   * @param why in words, with what to mend
   */
  record Dead(String monitor, String incident, String receiver, int seq, String why)
      implements Delivery {}

  /**
   * The receiver could not be told yet; tries go on.
   *
   * @param why in words, with what to mend
   */
  record Delayed(String monitor, String incident, String receiver, int seq, String why)
      implements Delivery {}
}
