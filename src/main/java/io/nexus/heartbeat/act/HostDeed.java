package io.nexus.heartbeat.act;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;

/** What is not done in a cluster: its fields are not in the CRD, but a status may be forged. */
record HostDeed(Action action) implements Deed {
  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return new Facts.Unreadable(why());
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) {
    return new Outcome.Refused(why());
  }

  private String why() {
    return "'" + action.words() + "' is for a host only";
  }
}
