package io.nexus.heartbeat.alert;

import java.time.Duration;

/** Counts what the courier does, by kind of channel. Called on its threads; must not block. */
public interface Tally {

  /**
   * @param waited from when the notice was handed over until the provider took it
   */
  void delivered(String kind, Duration waited);

  /** A try failed and another will follow. */
  void retried(String kind);

  /** Given up. */
  void dead(String kind);

  /** Counts nothing. */
  Tally NONE =
      new Tally() {
        @Override
        public void delivered(String kind, Duration waited) {}

        @Override
        public void retried(String kind) {}

        @Override
        public void dead(String kind) {}
      };
}
