package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Repair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident with one thing more. Each method answers the incident as it is then. */
final class Story {
  /** Bounds the status; what is dropped first is what people miss least. */
  static final int LONGEST = 16;

  private static final int LONGEST_TEXT = 512;
  private static final Set<Kind> DISPENSABLE = Set.of(Kind.Blocked, Kind.Improved, Kind.Planned);

  private Story() {}

  static Incident with(Incident incident, Kind kind, Level level, Instant at, String text) {
    var story = new ArrayList<>(incident.story());
    var seq = story.isEmpty() ? 1 : story.getLast().seq() + 1;
    story.add(new Happening(seq, kind, level, at, cut(text)));
    if (story.size() > LONGEST) {
      story.remove(leastMissed(story));
    }
    return new Incident(
        incident.id(),
        incident.target(),
        incident.level(),
        incident.cause(),
        incident.openedAt(),
        incident.resolvedAt(),
        incident.repair(),
        story,
        incident.told());
  }

  static Incident with(Incident incident, Level level, String cause) {
    return new Incident(
        incident.id(),
        incident.target(),
        level,
        cut(cause),
        incident.openedAt(),
        incident.resolvedAt(),
        incident.repair(),
        incident.story(),
        incident.told());
  }

  static Incident with(Incident incident, @Nullable Repair repair) {
    return new Incident(
        incident.id(),
        incident.target(),
        incident.level(),
        incident.cause(),
        incident.openedAt(),
        incident.resolvedAt(),
        repair,
        incident.story(),
        incident.told());
  }

  static Incident resolved(Incident incident, Instant at) {
    return new Incident(
        incident.id(),
        incident.target(),
        incident.level(),
        incident.cause(),
        incident.openedAt(),
        at,
        incident.repair(),
        incident.story(),
        incident.told());
  }

  static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
  }

  private static int leastMissed(List<Happening> story) {
    for (var i = 1; i < story.size() - 1; i++) {
      if (DISPENSABLE.contains(story.get(i).kind())) {
        return i;
      }
    }
    return 1;
  }
}
