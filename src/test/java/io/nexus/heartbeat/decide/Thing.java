package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.util.List;

/**
 * Something that acts are done to, and that keeps the ticket as {@code act.Ticket} does: which act
 * was done last, and its number. A webhook keeps nothing.
 */
final class Thing {
  static final List<PodRef> PODS = List.of(new PodRef("pod", "pod-uid"));

  private final boolean keepsTickets;
  int incarnation = 1;
  long sequence;
  String lastAction;
  Effect effect = new Effect.Complete("");
  boolean released = true;
  boolean changing;
  boolean hopeless;
  boolean unreadable;

  /** Its owner allows no act now. */
  boolean limited;

  boolean gone;

  Thing(boolean keepsTickets) {
    this.keepsTickets = keepsTickets;
  }

  /** What came of an act: whether it was done just now, and whether it is done. */
  record Tried(boolean now, boolean done) {}

  Facts look(Look look) {
    if (!keepsTickets) {
      return new Facts.Found("", null, 0, null, new Effect.Complete(""), null, "", List.of());
    }
    if (unreadable) {
      return new Facts.Unreadable("the API server failed");
    }
    if (gone) {
      return new Facts.Missing();
    }
    return new Facts.Found(
        uid(),
        released ? null : "kubectl label",
        sequence,
        lastAction,
        effect,
        obstacle(),
        "",
        look.action() instanceof Action.Evict ? PODS : List.of());
  }

  private String uid() {
    return "uid-" + incarnation;
  }

  private Obstacle obstacle() {
    if (changing || effect instanceof Effect.Underway) {
      return Obstacle.passing("being changed by somebody else", "rollout");
    }
    if (limited) {
      return Obstacle.passing("owner's limit", "never by night");
    }
    return hopeless ? Obstacle.lasting("nothing to do", "hopeless") : null;
  }

  /** Whether an act could be begun, by all that is to be seen on it. */
  boolean isFree() {
    return !keepsTickets || (!gone && !unreadable && released && obstacle() == null);
  }

  boolean isReleased() {
    return released || !keepsTickets;
  }

  Tried perform(Due due) {
    var plan = due.plan();
    if (!keepsTickets) {
      return new Tried(true, true);
    }
    if (!gone && !unreadable && plan.id().equals(lastAction) && plan.uid().equals(uid())) {
      if (effect instanceof Effect.Unfinished) {
        effect = new Effect.Underway("");
      }
      return new Tried(false, true);
    }
    if (!isFree() || !plan.uid().equals(uid()) || sequence >= plan.sequence()) {
      return new Tried(false, false);
    }
    sequence = plan.sequence();
    lastAction = plan.id();
    effect = new Effect.Underway("");
    return new Tried(true, true);
  }

  /** Whether it was done already; what is not released is left alone. */
  boolean callOff(Plan plan) {
    if (!keepsTickets || gone || !plan.uid().equals(uid())) {
      return false;
    }
    if (plan.id().equals(lastAction)) {
      return true;
    }
    if (released && sequence < plan.sequence()) {
      sequence = plan.sequence();
    }
    return false;
  }

  /** By another monitor. */
  void anotherActs() {
    sequence++;
    lastAction = "another's " + sequence;
    effect = new Effect.Underway("");
  }

  void madeAnew() {
    gone = false;
    incarnation++;
    sequence = 0;
    lastAction = null;
    effect = new Effect.Complete("");
  }
}
