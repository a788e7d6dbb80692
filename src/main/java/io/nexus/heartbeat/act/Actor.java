package io.nexus.heartbeat.act;

import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;

/** Whoever does what is planned. */
public interface Actor {

  /** Reads live what an act would be done to. Never throws: what went wrong is in the facts. */
  Facts look(MonitorRef monitor, Look look);

  /**
   * Does it, once for a plan however often and by however many it is asked. The gates that can be
   * seen on its subject are judged again at the moment that counts: identity, release, sequence,
   * being changed by somebody else.
   */
  Outcome perform(MonitorRef monitor, Due due) throws InterruptedException;

  /**
   * Sees to it that this plan is never done, though somebody else may hold it who has not heard:
   * its subject is given the plan's sequence number, so that whoever comes later is refused.
   *
   * @return Done when it was done already, Refused when it never will be, Failed when neither is
   *     known
   */
  Outcome callOff(MonitorRef monitor, Plan plan) throws InterruptedException;

  /**
   * Gives a workload the replicas again that it had before it was scaled up. Where somebody set
   * others since, only the mark is taken off; where it was raised again for longer, it is left.
   */
  default Outcome putBack(MonitorRef monitor, Raised raised) throws InterruptedException {
    return new Outcome.Refused("nothing is scaled here");
  }

  /** What came of an act. */
  sealed interface Outcome {
    /** Ends the words of what was refused because there is nothing to do it to any more. */
    String GONE = "does not exist any more";

    /** It is done, or begun for good; by an earlier try of the same plan, perhaps. */
    record Done() implements Outcome {}

    /** A gate closed since it was planned; nothing was touched. */
    record Refused(String why) implements Outcome {}

    /**
     * Whether it was done is not known, or the API server failed; the same plan may be tried again.
     */
    record Failed(String why) implements Outcome {}
  }

  /** Where nothing can be repaired. */
  Actor NONE =
      new Actor() {
        @Override
        public Facts look(MonitorRef monitor, Look look) {
          return new Facts.Unreadable(
              "'" + look.action().words() + "' works in the operator: there is no Kubernetes here");
        }

        @Override
        public Outcome perform(MonitorRef monitor, Due due) {
          return new Outcome.Refused("there is no Kubernetes here");
        }

        @Override
        public Outcome callOff(MonitorRef monitor, Plan plan) {
          return new Outcome.Refused("there is no Kubernetes here");
        }
      };
}
