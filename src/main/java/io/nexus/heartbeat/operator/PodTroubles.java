package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.nexus.heartbeat.check.WorkloadStates;
import io.nexus.heartbeat.net.Plain;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a pod is not ready, in the words of the kubelet and the scheduler. */
final class PodTroubles {
  private static final int MOST_WORDS = 200;

  /** A container waits so while all is well. */
  private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

  private final Pod pod;

  private record Trouble(String words, boolean hopeless) {}

  private PodTroubles(Pod pod) {
    this.pod = pod;
  }

  static WorkloadStates.PodState of(Pod pod) {
    var ready = isTrue(condition(pod, "Ready"));
    var trouble = ready ? new Trouble("", false) : new PodTroubles(pod).trouble();
    var restarts =
        containers(pod).mapToLong(it -> requireNonNullElse(it.getRestartCount(), 0)).sum();
    return new WorkloadStates.PodState(
        pod.getMetadata().getName(), ready, restarts, trouble.words(), trouble.hopeless());
  }

  private Trouble trouble() {
    return containers(pod)
        .flatMap(container -> ofContainer(container).stream())
        .reduce((a, b) -> b.hopeless() && !a.hopeless() ? b : a)
        .or(this::unscheduled)
        .orElseGet(() -> new Trouble("", false));
  }

  private Optional<Trouble> unscheduled() {
    var scheduled = condition(pod, "PodScheduled");
    return scheduled == null || isTrue(scheduled)
        ? Optional.empty()
        : Optional.of(new Trouble("not scheduled: " + said(scheduled.getMessage()), true));
  }

  private static Optional<Trouble> ofContainer(ContainerStatus container) {
    if (Boolean.TRUE.equals(container.getReady())) {
      return Optional.empty();
    }
    var name = "container " + container.getName();
    var state = container.getState();
    var last = container.getLastState() == null ? null : container.getLastState().getTerminated();
    var restarts = requireNonNullElse(container.getRestartCount(), 0);
    if (state == null) {
      return Optional.empty();
    }
    if (state.getWaiting() != null) {
      var reason = requireNonNullElse(state.getWaiting().getReason(), "waiting");
      if (reason.equals("CrashLoopBackOff")) {
        return Optional.of(
            new Trouble(
                name + " crash-loops" + (last == null ? "" : ": " + ended(last)) + times(restarts),
                true));
      }
      var message = state.getWaiting().getMessage();
      return Optional.of(
          new Trouble(
              name
                  + ": "
                  + Plain.text(reason, MOST_WORDS)
                  + (message == null ? "" : ": " + said(message)),
              !ON_ITS_WAY.contains(reason)));
    }
    if (state.getTerminated() != null) {
      var end = state.getTerminated();
      // An init container that did its work is over, and not ready.
      return requireNonNullElse(end.getExitCode(), 0) == 0
          ? Optional.empty()
          : Optional.of(new Trouble(name + " ended: " + ended(end) + times(restarts), true));
    }
    return Optional.of(
        new Trouble(
            name
                + " runs, but is not ready"
                + (last == null ? "" : "; last it ended: " + ended(last) + times(restarts)),
            false));
  }

  /** {@code OOMKilled, exit code 137}. */
  private static String ended(ContainerStateTerminated end) {
    var reason = requireNonNullElse(end.getReason(), "Error");
    return (reason.equals("Error") ? "" : Plain.text(reason, MOST_WORDS) + ", ")
        + "exit code "
        + end.getExitCode()
        + (requireNonNullElse(end.getSignal(), 0) == 0 ? "" : ", signal " + end.getSignal());
  }

  private static String times(int restarts) {
    return restarts == 0 ? "" : restarts == 1 ? ", 1 restart" : ", " + restarts + " restarts";
  }

  private static String said(@Nullable String message) {
    return Plain.text(requireNonNullElse(message, "no reason given"), MOST_WORDS);
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return Stream.concat(
        requireNonNullElse(pod.getStatus().getInitContainerStatuses(), List.<ContainerStatus>of())
            .stream(),
        requireNonNullElse(pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of())
            .stream());
  }

  private static @Nullable PodCondition condition(Pod pod, String type) {
    return requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of()).stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst()
        .orElse(null);
  }

  private static boolean isTrue(@Nullable PodCondition condition) {
    return condition != null && "True".equals(condition.getStatus());
  }
}
