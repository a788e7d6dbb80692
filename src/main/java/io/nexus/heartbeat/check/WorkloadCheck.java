package io.nexus.heartbeat.check;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadTarget;
import io.nexus.heartbeat.check.WorkloadStates.PodState;
import io.nexus.heartbeat.check.WorkloadStates.Progress;
import io.nexus.heartbeat.check.WorkloadStates.State;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/** Whether as many pods of a workload are ready as should be, and why not. */
record WorkloadCheck(WorkloadTarget target, WorkloadStates states) implements Check {

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    try {
      return judged(states.of(target.ref(), deadline));
    } catch (Endpoints.NotTold e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private Reading judged(State state) {
    var measured =
        Measurements.NONE
            .with("desired", state.desired())
            .with("ready", state.ready())
            .with("restarts", state.pods().stream().mapToLong(PodState::restarts).sum());
    var moving = state.progress() instanceof Progress.Moving;
    if (state.progress() instanceof Progress.Stuck(var words)) {
      return new Reading.Down(words + trouble(state), measured);
    }
    if (state.desired() == 0) {
      // Nothing is broken, but it does not do its job either; somebody should know.
      var why =
          target.ref().kind() == WorkloadRef.Kind.DaemonSet
              ? "no node takes its pods"
              : "scaled to zero";
      return new Reading.Impaired(why + ": no pod should run", measured, false);
    }
    if (state.pods().isEmpty() && !moving) {
      return new Reading.Down(
          "it has no pod, where %d should be: are they refused, by a quota or a webhook?"
              .formatted(state.desired()),
          measured);
    }
    if (state.ready() == 0 && !(moving && isComing(state))) {
      return new Reading.Down(
          (state.desired() == 1
                  ? "its only pod is not ready"
                  : "none of " + state.desired() + " pods is ready")
              + trouble(state),
          measured);
    }
    var few = state.ready() + " of " + state.desired() + " pods ready";
    if (state.progress() instanceof Progress.Moving(var words)) {
      return new Reading.Impaired(words + ", " + few + trouble(state), measured, true);
    }
    if (state.ready() < state.desired()) {
      return new Reading.Impaired(few + trouble(state), measured, false);
    }
    return new Reading.Up(
        state.progress() instanceof Progress.Held(var words)
            ? measured.with("note", words)
            : measured);
  }

  /** None is ready yet, and nothing says that none will be. */
  private static boolean isComing(State state) {
    return state.pods().stream().noneMatch(PodState::hopeless);
  }

  /** The commonest reason, of those that waiting does not mend where there are any. */
  private static String trouble(State state) {
    var ill =
        state.pods().stream().filter(pod -> !pod.ready() && !pod.trouble().isEmpty()).toList();
    var hopeless = ill.stream().filter(PodState::hopeless).toList();
    var alike =
        (hopeless.isEmpty() ? ill : hopeless)
            .stream().collect(groupingBy(PodState::trouble, LinkedHashMap::new, toList()));
    return alike.values().stream()
        .max(Comparator.comparingInt(List::size))
        .map(
            pods ->
                ": pod " + pods.getFirst().name() + ": " + pods.getFirst().trouble() + others(pods))
        .orElse("");
  }

  private static String others(List<PodState> pods) {
    return pods.size() == 1 ? "" : ", and " + (pods.size() - 1) + " more like it";
  }
}
