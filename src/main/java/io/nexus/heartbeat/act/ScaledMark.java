package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What stands on a workload whose replicas were raised.
 *
 * @param original how many it had
 * @param raised how many it was given; others were set by somebody else
 * @param until when the original is put back
 */
record ScaledMark(long original, long raised, Instant until) {
  /** {@code original raised until}, such as {@code 3 6 2026-12-01T02:00:00Z}. */
  static final String SCALED = HeartbeatMonitor.GROUP + "/scaled";

  /** Empty: it was not, or what is written there is not ours. */
  static Optional<ScaledMark> of(HasMetadata workload) {
    var annotations =
        requireNonNullElse(workload.getMetadata().getAnnotations(), Map.<String, String>of());
    var parts = Arrays.asList(annotations.getOrDefault(SCALED, "").split(" "));
    try {
      return parts.size() == 3
          ? Optional.of(
              new ScaledMark(
                  Long.parseLong(parts.get(0)),
                  Long.parseLong(parts.get(1)),
                  Instant.parse(parts.get(2))))
          : Optional.empty();
    } catch (RuntimeException _) {
      return Optional.empty();
    }
  }

  /** Once more; what it had before the first time is what it had. */
  ScaledMark to(long now, Instant newUntil) {
    return new ScaledMark(original, now, newUntil.truncatedTo(ChronoUnit.SECONDS));
  }

  void writeOn(HasMetadata workload) {
    Marks.annotate(workload, Map.of(SCALED, "%d %d %s".formatted(original, raised, until)));
  }

  /**
   * By compare-and-set, in one write with taking the mark off.
   *
   * @param until what is to stay raised for longer was raised again since, and is left
   */
  static Outcome putBack(Ticket ticket, String namespace, WorkloadRef workload, Instant until)
      throws InterruptedException {
    return ticket.replace(
        namespace,
        workload.subject(),
        found -> isDue(found, until) ? Optional.empty() : Optional.of(new Outcome.Done()),
        found -> {
          var marked = of(found);
          if (marked.isPresent() && marked.get().standsOn(workload.kind(), found)) {
            Templates.spec(found).put("replicas", marked.get().original());
          }
          eraseFrom(found);
        },
        new Outcome.Done());
  }

  private static boolean isDue(HasMetadata workload, Instant until) {
    return of(workload).filter(mark -> !mark.until().isAfter(until)).isPresent();
  }

  /** It has the replicas that it was given; others were set by somebody else since. */
  boolean standsOn(WorkloadRef.Kind kind, GenericKubernetesResource workload) {
    return Replicas.wanted(kind, workload) == raised;
  }

  private static void eraseFrom(HasMetadata workload) {
    var annotations =
        new HashMap<>(requireNonNullElse(workload.getMetadata().getAnnotations(), Map.of()));
    annotations.remove(SCALED);
    workload.getMetadata().setAnnotations(annotations);
  }
}
