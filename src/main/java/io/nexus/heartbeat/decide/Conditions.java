package io.nexus.heartbeat.decide;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Undelivered;
import io.nexus.heartbeat.api.MonitorState.Undelivered.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The conditions, built from nothing each time; the transition time moves only with the status. */
public final class Conditions {
  /** The reason of Healthy=Unknown until each target was checked as it is declared now. */
  public static final String NOT_YET_CHECKED = "NotYetChecked";

  private static final int LONGEST_MESSAGE = 1024;

  private final Situation situation;
  private final List<Condition> made = new ArrayList<>();

  private Conditions(Situation situation) {
    this.situation = situation;
  }

  static List<Condition> of(
      Situation situation,
      List<Undelivered> undelivered,
      Level level,
      String message,
      boolean allChecked) {
    var conditions = new Conditions(situation);
    conditions.ready();
    conditions.healthy(level, message, allChecked);
    conditions.alertsDelivered(undelivered);
    return List.copyOf(conditions.made);
  }

  /** Whether the monitor is processed; not whether the patient is well. */
  private void ready() {
    var notReady = situation.notReady();
    if (notReady != null) {
      add("Ready", "False", notReady.reason(), notReady.message());
    } else if (situation.spec().suspend()) {
      add("Ready", "True", "Suspended", "nothing is checked while spec.suspend is true");
    } else {
      add("Ready", "True", "Watching", situation.spec().targets().size() + " targets are watched");
    }
  }

  private void healthy(Level level, String message, boolean allChecked) {
    if (situation.notReady() != null) {
      add("Healthy", "Unknown", "NotProcessed", situation.notReady().message());
    } else if (situation.spec().suspend()) {
      add("Healthy", "Unknown", "Suspended", "nothing is checked");
    } else if (!allChecked) {
      add(
          "Healthy",
          "Unknown",
          NOT_YET_CHECKED,
          "not every target was checked as it is declared now");
    } else {
      switch (level) {
        case Healthy -> add("Healthy", "True", "TargetsHealthy", "all that counts is healthy");
        case Degraded -> add("Healthy", "False", "TargetsDegraded", message);
        case Unknown -> add("Healthy", "Unknown", "TargetsUnknown", message);
        case Critical -> add("Healthy", "False", "TargetsCritical", message);
      }
    }
  }

  private void alertsDelivered(List<Undelivered> undelivered) {
    if (undelivered.isEmpty()) {
      add("AlertsDelivered", "True", "Delivered", "no message is late or was given up");
      return;
    }
    var refused = undelivered.stream().anyMatch(u -> u.problem() == Problem.Refused);
    var text =
        undelivered.stream().map(Conditions::words).sorted().collect(Collectors.joining("; "));
    add("AlertsDelivered", "False", refused ? "Refused" : "Retrying", text);
  }

  private static String words(Undelivered undelivered) {
    var words = undelivered.receiver() + ": " + undelivered.why();
    return switch (undelivered.problem()) {
      case Refused -> words;
      case Retrying -> words + " (late since " + Words.of(undelivered.since()) + ", tried on)";
    };
  }

  private void add(String type, String status, String reason, String message) {
    var before =
        situation.prior().conditions().stream().filter(c -> type.equals(c.getType())).findFirst();
    var since =
        before
            .filter(c -> status.equals(c.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> Words.of(situation.now()));
    made.add(
        new ConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(reason)
            .withMessage(
                message.length() <= LONGEST_MESSAGE
                    ? message
                    : message.substring(0, LONGEST_MESSAGE - 1) + "…")
            .withLastTransitionTime(since)
            .withObservedGeneration(situation.generation())
            .build());
  }

  /** Whether the two say the same, whatever their words. */
  static boolean same(List<Condition> some, List<Condition> others) {
    return gist(some).equals(gist(others));
  }

  private static List<String> gist(List<Condition> conditions) {
    return conditions.stream()
        .map(
            c ->
                c.getType()
                    + c.getStatus()
                    + c.getReason()
                    + Instant.parse(c.getLastTransitionTime()))
        .toList();
  }
}
