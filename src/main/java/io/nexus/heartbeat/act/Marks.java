package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.decide.OwnerLimits;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands on the subject of an act: that its owner releases it, and which act was the last. It
 * is there, not in anybody's memory, that an act is done once.
 *
 * @param sequence of the last act on it, or of a plan that was called off; 0 when there was none
 * @param lastAction the id of the last act on it
 */
record Marks(boolean released, long sequence, @Nullable String lastAction) {
  static final String RECOVERY = HeartbeatMonitor.GROUP + "/recovery";
  static final String ACTION = HeartbeatMonitor.GROUP + "/action";
  static final String SEQUENCE = HeartbeatMonitor.GROUP + "/sequence";

  /** No plan is as far ahead of its subject, though somebody took the marks off meanwhile. */
  static final long FARTHEST = 1_000_000_000;

  /**
   * @param label by which its owner releases it
   * @throws NumberFormatException somebody else wrote the sequence
   */
  static Marks of(HasMetadata found, String label) {
    var metadata = found.getMetadata();
    var labels = requireNonNullElse(metadata.getLabels(), Map.<String, String>of());
    var annotations = annotations(found);
    return new Marks(
        "allowed".equals(labels.get(label)),
        sequence(annotations.getOrDefault(SEQUENCE, "0")),
        annotations.get(ACTION));
  }

  /** One that leaves no room for the next is none of ours. */
  private static long sequence(String text) {
    var sequence = Long.parseLong(text);
    if (sequence < 0 || sequence > Long.MAX_VALUE - FARTHEST) {
      throw new NumberFormatException(text);
    }
    return sequence;
  }

  /**
   * This plan was done: whoever comes with it, or with an earlier one, comes too late. When it was
   * is in the very write that is the act, so that no monitor misses another's.
   */
  static void done(HasMetadata found, Plan plan, Instant now) {
    annotate(
        found,
        Map.of(
            ACTION,
            plan.id(),
            SEQUENCE,
            Long.toString(plan.sequence()),
            OwnerLimits.ACTS,
            OwnerLimits.recorded(annotations(found).get(OwnerLimits.ACTS), now)));
  }

  /** What its owner allows at most. */
  static OwnerLimits limits(HasMetadata found) {
    return OwnerLimits.of(annotations(found));
  }

  private static Map<String, String> annotations(HasMetadata found) {
    return requireNonNullElse(found.getMetadata().getAnnotations(), Map.of());
  }

  /** This plan is not to be done any more. */
  static void calledOff(HasMetadata found, Plan plan) {
    annotate(found, Map.of(SEQUENCE, Long.toString(plan.sequence())));
  }

  static void annotate(HasMetadata found, Map<String, String> more) {
    var annotations = new HashMap<>(annotations(found));
    annotations.putAll(more);
    found.getMetadata().setAnnotations(annotations);
  }

  /** How its owner releases it. */
  static String release(Subject subject, String namespace, String label) {
    return "kubectl label %s %s -n %s %s=allowed"
        .formatted(subject.kind().toLowerCase(Locale.ROOT), subject.name(), namespace, label);
  }

  static String badSequence(Subject subject) {
    return "%s: the annotation %s is not a number; Heartbeat wrote one there: remove it, or put it back"
        .formatted(subject, SEQUENCE);
  }
}
