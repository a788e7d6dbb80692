package io.nexus.heartbeat.engine;

/**
 * Who of several processes does what only one of them can do. It saves work and fences nothing: two
 * may believe for a while that it is theirs.
 */
public interface Claims {
  /** There is one process. */
  Claims ALONE =
      new Claims() {
        @Override
        public Claim claim(String what) {
          return new Claim.Ours();
        }

        @Override
        public void release(String what) {}
      };

  /** Whose it is. */
  sealed interface Claim {
    /** For a minute at least, or until it is claimed again. */
    record Ours() implements Claim {}

    record Theirs() implements Claim {}

    /**
     * Nobody knows.
     *
     * @param why in words, with what to do
     */
    record Unknown(String why) implements Claim {}
  }

  /** Takes it, or keeps it. */
  Claim claim(String what) throws InterruptedException;

  /** Another may have it at once. */
  void release(String what);
}
