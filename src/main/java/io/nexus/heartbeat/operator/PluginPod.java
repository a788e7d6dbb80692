package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.PluginJobs.Ended;
import io.nexus.heartbeat.net.Plain;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a plugin's pod tells: its result, or why there is none yet, or none at all. */
record PluginPod(Pod pod, String container) {
  private static final int MOST_WORDS = 200;

  /** It ended by itself, well or not; any other reason is Kubernetes' or the runtime's. */
  private static final Set<String> BY_ITSELF = Set.of("Completed", "Error", "");

  boolean isOver() {
    var phase = phase();
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /**
   * Empty while there is none yet.
   *
   * @throws NotTold when there will be none
   */
  Optional<Ended> result() throws NotTold {
    var reason = requireNonNullElse(pod.getStatus().getReason(), "");
    if (!reason.isEmpty()) {
      throw new NotTold(
          "its pod was ended: "
              + Plain.text(reason, MOST_WORDS)
              + said(requireNonNullElse(pod.getStatus().getMessage(), "")));
    }
    if (pod.isMarkedForDeletion()) {
      throw new NotTold("its pod was deleted, or evicted, before its result was read");
    }
    var end = end();
    if (end.isPresent()) {
      return Optional.of(ended(end.get()));
    }
    if (isOver()) {
      var trouble = PodTroubles.of(pod).trouble();
      throw new NotTold(
          trouble.isEmpty() ? "its pod ended without container " + container : trouble);
    }
    return Optional.empty();
  }

  /** Where it is, in words, while there is no result. */
  String progress() {
    var trouble = PodTroubles.of(pod).trouble();
    return trouble.isEmpty()
        ? phase().equals("Running") ? "it still runs" : "its pod is " + phase()
        : trouble;
  }

  private Ended ended(ContainerStateTerminated end) throws NotTold {
    var code = requireNonNullElse(end.getExitCode(), -1);
    var reason = requireNonNullElse(end.getReason(), "");
    var message = requireNonNullElse(end.getMessage(), "");
    if (!BY_ITSELF.contains(reason)) {
      throw new NotTold(
          "container %s: %s, exit code %d%s"
              .formatted(container, Plain.text(reason, MOST_WORDS), code, said(message)));
    }
    return new Ended(code, message);
  }

  private Optional<ContainerStateTerminated> end() {
    return requireNonNullElse(pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of())
        .stream()
        .filter(status -> status.getName().equals(container) && status.getState() != null)
        .flatMap(status -> Optional.ofNullable(status.getState().getTerminated()).stream())
        .findFirst();
  }

  private String phase() {
    return requireNonNullElse(pod.getStatus().getPhase(), "Pending");
  }

  private static String said(String message) {
    return message.isEmpty() ? "" : ": " + Plain.text(message, MOST_WORDS);
  }
}
