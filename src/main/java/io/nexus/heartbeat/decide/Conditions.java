package io.nexus.heartbeat.decide;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Undelivered;
import io.nexus.heartbeat.api.MonitorState.Undelivered.Problem;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.decide.Situation.NotReady;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The conditions, built from nothing each time; the transition time moves only with the status. */
public final class Conditions {
  /** The reason of Healthy=Unknown until each target was checked as it is declared now. */
  public static final String NOT_YET_CHECKED = "NotYetChecked";

  private static final String READY = "Ready";
  private static final String HEALTHY = "Healthy";
  private static final String BUTTONS_WORK = "ButtonsWork";
  private static final int LONGEST_MESSAGE = 1024;

  /** The reason of Healthy=Unknown while Ready says why nothing is processed. */
  public static final String NOT_PROCESSED = "NotProcessed";

  private final List<Condition> prior;
  private final long generation;
  private final Instant now;
  private final List<Condition> made = new ArrayList<>();

  private Conditions(List<Condition> prior, long generation, Instant now) {
    this.prior = prior;
    this.generation = generation;
    this.now = now;
  }

  static List<Condition> of(
      Situation situation,
      List<Undelivered> undelivered,
      Level level,
      String message,
      boolean allChecked) {
    var conditions =
        new Conditions(situation.prior().conditions(), situation.generation(), situation.now());
    var notReady = situation.notReady();
    if (notReady != null) {
      conditions.notProcessed(notReady);
    } else {
      conditions.ready(situation.spec());
      conditions.healthy(situation.spec(), level, message, allChecked);
    }
    conditions.alertsDelivered(undelivered);
    conditions.buttonsWork(situation);
    situation.prior().state().orders().latest().ifPresent(conditions::ordersTaken);
    return List.copyOf(conditions.made);
  }

  /** Of a monitor that nothing is decided of; what else was said of it stands. */
  public static List<Condition> notProcessed(
      List<Condition> prior, NotReady why, long generation, Instant now) {
    var conditions = new Conditions(prior, generation, now);
    conditions.notProcessed(why);
    prior.stream()
        .filter(c -> !List.of(READY, HEALTHY).contains(c.getType()))
        .forEach(conditions.made::add);
    return List.copyOf(conditions.made);
  }

  private void notProcessed(NotReady why) {
    add(READY, "False", why.reason(), why.message());
    add(HEALTHY, "Unknown", NOT_PROCESSED, why.message());
  }

  /** Whether the monitor is processed; not whether the patient is well. */
  private void ready(MonitorSpec spec) {
    if (spec.suspend()) {
      add(READY, "True", "Suspended", "nothing is checked while spec.suspend is true");
    } else {
      var targets = spec.targets().size();
      add(
          READY,
          "True",
          "Watching",
          targets == 1 ? "1 target is watched" : targets + " targets are watched");
    }
  }

  private void healthy(MonitorSpec spec, Level level, String message, boolean allChecked) {
    if (spec.suspend()) {
      add(HEALTHY, "Unknown", "Suspended", "nothing is checked");
    } else if (!allChecked) {
      add(
          HEALTHY,
          "Unknown",
          NOT_YET_CHECKED,
          "not every target was checked as it is declared now");
    } else {
      switch (level) {
        case Healthy -> add(HEALTHY, "True", "TargetsHealthy", "all that counts is healthy");
        case Degraded -> add(HEALTHY, "False", "TargetsDegraded", message);
        case Unknown -> add(HEALTHY, "Unknown", "TargetsUnknown", message);
        case Critical -> add(HEALTHY, "False", "TargetsCritical", message);
      }
    }
  }

  /** Where somebody may press them. Whether they work, another process may know. */
  private void buttonsWork(Situation situation) {
    if (situation.receivers().stream().allMatch(it -> Keyboards.allowed(it).isEmpty())) {
      return;
    }
    var trouble = situation.pressed().trouble();
    if (trouble != null) {
      add(BUTTONS_WORK, "False", "NotListening", trouble);
    } else if (situation.pressed().listens()) {
      add(BUTTONS_WORK, "True", "Listening", "whoever is allowed may press the buttons");
    } else {
      prior.stream().filter(c -> c.getType().equals(BUTTONS_WORK)).forEach(made::add);
    }
  }

  /** Of the last order that anybody gave; before that there is nothing to say. */
  private void ordersTaken(Handled last) {
    var taken = last.outcome() == Outcome.Taken;
    add("OrdersTaken", taken ? "True" : "False", last.outcome().name(), Orders.words(last));
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
    var before = prior.stream().filter(c -> type.equals(c.getType())).findFirst();
    var since =
        before
            .filter(c -> status.equals(c.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> Words.of(now));
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
            .withObservedGeneration(generation)
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
