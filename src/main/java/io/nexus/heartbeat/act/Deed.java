package io.nexus.heartbeat.act;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;

/** One kind of act: what it needs to know, and how it is done. Each is a file of its own. */
interface Deed {

  Facts look(MonitorRef monitor, Look look);

  Outcome perform(MonitorRef monitor, Due due) throws InterruptedException;
}
