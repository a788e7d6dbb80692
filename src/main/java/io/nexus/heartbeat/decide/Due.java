package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;

/**
 * What is to be done now.
 *
 * @param plan as it is written down
 * @param action as the spec declares it; a status may be forged
 */
public record Due(Plan plan, Action action, Occasion occasion) {

  /** Why it is done, for whoever is asked to do it. */
  public record Occasion(String target, Level level, String cause) {}
}
