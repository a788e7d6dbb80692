package io.nexus.heartbeat.engine;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.engine.Schedule.Watch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is known of every target now, from what is watched and what was last stored of it. */
final class TargetViews {
  private TargetViews() {}

  static List<TargetView> of(Map<MonitorKey, Watch> watches) {
    return watches.entrySet().stream()
        .flatMap(entry -> views(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Stream<TargetView> views(MonitorKey key, Watch watch) {
    var status = watch.monitor().getStatus();
    var open =
        status == null
            ? Set.<String>of()
            : status.state().incidents().stream()
                .filter(incident -> incident.resolvedAt() == null)
                .map(Incident::target)
                .collect(toSet());
    return watch.targets().values().stream()
        .map(
            watched -> {
              var target = watched.target();
              var known = watched.assessment();
              var suspended = watch.monitor().getSpec().isSuspended(target);
              return new TargetView(
                  key,
                  target.name(),
                  target.kind().fieldName(),
                  suspended ? Level.Unknown : known.levelOrUnknown(),
                  suspended ? "suspended" : known.message(),
                  known.measurements(),
                  known.lastFinished(),
                  known.latency(),
                  open.contains(target.name()),
                  counts(watch, target, known));
            });
  }

  private static boolean counts(Watch watch, Target target, Assessment known) {
    var status = requireNonNullElse(watch.monitor().getStatus(), MonitorStatus.NONE);
    return !watch.monitor().getSpec().isSuspended(target)
        && (!target.optional()
            || known.armed()
            || status.state().armed().stream().anyMatch(a -> a.target().equals(target.name())));
  }
}
