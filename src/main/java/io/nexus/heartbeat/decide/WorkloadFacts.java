package io.nexus.heartbeat.decide;

import org.jspecify.annotations.Nullable;

/** What is known of a workload that may be repaired, read live. */
public sealed interface WorkloadFacts {

  /**
   * @param uid its identity; a workload made anew under the same name is another
   * @param optedIn its owner allows repair, by the label {@code heartbeat.nexus.io/recovery:
   *     allowed}
   * @param sequence of the last act on it, 0 when there was none
   * @param lastAction the id of the last act on it
   * @param rolloutComplete everything that should run does run, in its newest version, and is ready
   * @param changing why somebody is changing it, in words ("rollout in progress: 1 of 3 updated",
   *     "paused", "being deleted"); null: nobody
   * @param byHand why a restart would replace no pod ("its update strategy is OnDelete"); null: it
   *     would
   * @param limits what its owner allows at most
   */
  record Found(
      String uid,
      boolean optedIn,
      long sequence,
      @Nullable String lastAction,
      boolean rolloutComplete,
      @Nullable String changing,
      @Nullable String byHand,
      OwnerLimits limits)
      implements WorkloadFacts {
    /** Whose owner set no limits. */
    public Found(
        String uid,
        boolean optedIn,
        long sequence,
        @Nullable String lastAction,
        boolean rolloutComplete,
        @Nullable String changing,
        @Nullable String byHand) {
      this(
          uid,
          optedIn,
          sequence,
          lastAction,
          rolloutComplete,
          changing,
          byHand,
          OwnerLimits.NONE);
    }
  }

  /** There is no such workload. */
  record Missing() implements WorkloadFacts {}

  /** It could not be read: no right, no Kubernetes here, the API server failed. */
  record Unreadable(String why) implements WorkloadFacts {}
}
