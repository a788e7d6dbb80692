package io.nexus.heartbeat.api;

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
  Exhausted
}
