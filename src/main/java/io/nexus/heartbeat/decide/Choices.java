package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.MonitorState.Incident;
import org.jspecify.annotations.Nullable;

/**
 * What people may answer a message with, where the channel has buttons.
 *
 * @param step the id of a step that waits for approval; null: none does
 * @param action what that step would do; empty where there is none
 * @param acknowledge nobody has acknowledged the incident yet
 */
public record Choices(@Nullable String step, String action, boolean acknowledge) {
  public static final Choices NONE = new Choices(null, "", false);

  static Choices of(Situation situation, Incident incident) {
    if (incident.resolvedAt() != null) {
      return NONE;
    }
    var waiting = Steps.waiting(situation, incident);
    return new Choices(
        waiting.map(Steps.Waiting::id).orElse(null),
        waiting.map(Steps.Waiting::action).orElse(""),
        incident.attentionOrNone().acknowledgedBy() == null);
  }

  public boolean isEmpty() {
    return step == null && !acknowledge;
  }
}
