package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.MonitorState.PodRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of what an act would be, or was, done to; read live. */
public sealed interface Facts {

  /**
   * @param uid its identity; what was made anew under the same name is another. Empty where there
   *     is none
   * @param release how its owner releases it for repair ("kubectl label …"); null: it is released
   * @param sequence of the last act on it, 0 when there was none
   * @param lastAction the id of the last act on it
   * @param effect how far the effect of the last act is
   * @param obstacle why it must not, or need not, be touched now; null: it may be
   * @param affects who feels the act, in words ("replaces 3 pods, one after the other")
   * @param pods those that would be evicted
   */
  record Found(
      String uid,
      @Nullable String release,
      long sequence,
      @Nullable String lastAction,
      Effect effect,
      @Nullable Obstacle obstacle,
      String affects,
      List<PodRef> pods)
      implements Facts {
    public Found {
      pods = List.copyOf(pods);
    }
  }

  /** There is no such thing. */
  record Missing() implements Facts {}

  /** It could not be read: no right, no Kubernetes here, the API server failed. */
  record Unreadable(String why) implements Facts {}

  /** How far what was done has come; in words for a person. */
  sealed interface Effect {
    String words();

    /**
     * It was begun, and whoever began it did not come to its end: it is to be asked for again.
     *
     * @param touched some of it was done; else nothing but the mark that says whose turn it is
     */
    record Unfinished(String words, boolean touched) implements Effect {}

    record Underway(String words) implements Effect {}

    record Complete(String words) implements Effect {}

    record Failed(String words) implements Effect {}
  }

  /**
   * What stands in the way, by what can be seen on the thing itself.
   *
   * @param gate its name ("being changed by somebody else")
   * @param why ("Deployment/gateway: rollout in progress: 1 of 3 updated")
   * @param lasting waiting does not help: the next rung is tried
   */
  record Obstacle(String gate, String why, boolean lasting) {
    public static Obstacle passing(String gate, String why) {
      return new Obstacle(gate, why, false);
    }

    public static Obstacle lasting(String gate, String why) {
      return new Obstacle(gate, why, true);
    }
  }
}
