package io.nexus.heartbeat.act;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.decide.Facts;
import org.jspecify.annotations.Nullable;

/** One kind of act: what it needs to know, and how it is done. Each is a file of its own. */
interface Deed {

  /**
   * @param plan the act under way; null: none is
   */
  Facts look(MonitorRef monitor, @Nullable Plan plan);

  Outcome perform(MonitorRef monitor, Plan plan) throws InterruptedException;
}
