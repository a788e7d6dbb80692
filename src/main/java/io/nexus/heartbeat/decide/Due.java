package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import java.util.List;

/**
 * What is to be done now.
 *
 * @param plan as it is written down
 * @param action as the spec declares it; a status may be forged
 * @param failing pods that fail now, by what this process has seen itself
 */
public record Due(Plan plan, Action action, Occasion occasion, List<PodRef> failing) {
  public Due {
    failing = List.copyOf(failing);
  }

  /** Of what is no matter of single pods. */
  public Due(Plan plan, Action action, Occasion occasion) {
    this(plan, action, occasion, List.of());
  }

  /** Why it is done, for whoever is asked to do it. */
  public record Occasion(String target, Level level, String cause) {}
}
