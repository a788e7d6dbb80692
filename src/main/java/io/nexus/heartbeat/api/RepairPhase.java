package io.nexus.heartbeat.api;

import java.util.EnumSet;
import java.util.Set;

/** Where the repair of an incident stands. */
public enum RepairPhase {
  /** The next rung waits for its time. */
  Waiting,
  /** A gate is closed; the message names it. */
  Blocked,
  /** All gates are open; a person has to approve this step. */
  AwaitingApproval,
  /** Written down, not yet known to be done. */
  Planned,
  /** Done; its effect, such as a rollout, is awaited. */
  Executing,
  /** Its effect is complete; fresh checks must find the target well. */
  Verifying,
  /** It helped. */
  Recovered,
  /** People were told, and the ladder holds nothing else. */
  Told,
  /** Nothing left to try. */
  Exhausted;

  /**
   * What a step may lead to from here; a step is a decision. The picture in docs/recovery.md is
   * drawn from this, and no history leads elsewhere.
   */
  public Set<RepairPhase> next() {
    return switch (this) {
      case Waiting -> EnumSet.of(Blocked, AwaitingApproval, Planned, Told, Exhausted);
      case Blocked -> EnumSet.of(Waiting, AwaitingApproval, Planned, Told, Exhausted);
      case AwaitingApproval -> EnumSet.of(Waiting, Blocked, Planned, Exhausted);
      case Planned -> EnumSet.of(Waiting, Blocked, Executing, Exhausted);
      case Executing -> EnumSet.of(Waiting, Verifying, Exhausted);
      case Verifying -> EnumSet.of(Waiting, Recovered, Exhausted);
      case Told -> EnumSet.of(Waiting, Exhausted);
      case Recovered, Exhausted -> EnumSet.noneOf(RepairPhase.class);
    };
  }
}
