package io.nexus.heartbeat.decide;

import static java.util.stream.Collectors.joining;

import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.api.ActionRecord.Outcome;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The records of acts, written by comparing what incidents were with what they have become. */
final class ActionLog {
  private final Situation situation;
  private final Instant now;
  private final List<ActionRecord> records;

  private ActionLog(Situation situation) {
    this.situation = situation;
    this.now = situation.now();
    this.records = new ArrayList<>(situation.prior().actions());
  }

  /**
   * @param incidents as they are now, those that just ended included
   */
  static List<ActionRecord> next(Situation situation, List<Incident> incidents) {
    var log = new ActionLog(situation);
    for (var incident : incidents) {
      var before =
          situation.prior().state().incidents().stream()
              .filter(it -> it.id().equals(incident.id()))
              .findFirst();
      log.write(before.orElse(null), incident);
    }
    var all = log.records;
    return List.copyOf(all.subList(Math.max(0, all.size() - ActionRecord.MOST), all.size()));
  }

  private void write(@Nullable Incident before, Incident after) {
    var had = plan(before);
    var has = plan(after);
    if (had != null && (has == null || !has.id().equals(had.id()))) {
      end(Objects.requireNonNull(before), after, had);
    }
    if (has != null && (had == null || !has.id().equals(had.id()))) {
      records.add(begun(after, has));
    }
    if (has != null) {
      follow(after, has);
    }
    if (isDryRun(after) && (before == null || !isDryRun(before))) {
      target(after).ifPresent(target -> records.add(dryRun(after, target)));
    }
  }

  private static @Nullable Plan plan(@Nullable Incident incident) {
    return incident == null || incident.repair() == null ? null : incident.repair().plan();
  }

  private ActionRecord begun(Incident incident, Plan plan) {
    return new ActionRecord(
        plan.id(),
        IncidentId.shortForm(incident.id()),
        incident.target(),
        plan.pods().isEmpty() ? plan.action() : plan.action() + ": " + names(plan),
        why(incident) + (plan.approvedBy() == null ? "" : "; approved by " + plan.approvedBy()),
        Gates.NAMES,
        how(incident.target()),
        "",
        "",
        plan.plannedAt(),
        null,
        null,
        Outcome.Underway);
  }

  private static String names(Plan plan) {
    return plan.pods().stream().map(MonitorState.PodRef::name).collect(joining(", "));
  }

  private ActionRecord dryRun(Incident incident, Target target) {
    var repair = Objects.requireNonNull(incident.repair());
    return new ActionRecord(
        "",
        IncidentId.shortForm(incident.id()),
        incident.target(),
        Remedy.action(target, repair.rung()),
        why(incident),
        Gates.NAMES,
        how(incident.target()),
        "",
        "",
        now,
        null,
        now,
        Outcome.DryRun);
  }

  private void follow(Incident incident, Plan plan) {
    var phase = Objects.requireNonNull(incident.repair()).phase();
    if (phase == RepairPhase.Executing) {
      change(plan, it -> it.doneAt() == null ? it.done(now) : it);
    }
    if (phase == RepairPhase.Verifying) {
      change(plan, it -> it.effect().isEmpty() ? it.complete(effect(plan)) : it);
    }
  }

  private String effect(Plan plan) {
    return found(plan).map(found -> found.effect().words()).orElse("complete");
  }

  private boolean isUntouched(Plan plan) {
    return found(plan).filter(FollowUp::isUntouched).isPresent();
  }

  private Optional<Facts.Found> found(Plan plan) {
    return situation.facts().values().stream()
        .flatMap(facts -> facts instanceof Facts.Found found ? Stream.of(found) : Stream.empty())
        .filter(found -> plan.id().equals(found.lastAction()))
        .findFirst();
  }

  private void end(Incident before, Incident after, Plan plan) {
    var wasDone = Objects.requireNonNull(before.repair()).phase() != RepairPhase.Planned;
    var repair = after.repair();
    var failed = failure(before, after);
    if (repair != null && repair.phase() == RepairPhase.Recovered) {
      change(plan, it -> it.ended(Outcome.Helped, how(after.target()), now));
    } else if (failed.isPresent()) {
      change(
          plan,
          it ->
              wasDone && isUntouched(plan)
                  ? it.done(null).ended(Outcome.NotDone, failed.get(), now)
                  : it.ended(Outcome.DidNotHelp, failed.get(), now));
    } else {
      var words = repair == null ? "no longer watched" : repair.message();
      change(plan, it -> it.ended(wasDone ? Outcome.Unproven : Outcome.NotDone, words, now));
    }
  }

  private static Optional<String> failure(Incident before, Incident after) {
    var known = before.story().isEmpty() ? 0 : before.story().getLast().seq();
    return after.story().stream()
        .filter(it -> it.seq() > known && it.kind() == Happening.Kind.RepairFailed)
        .map(Happening::text)
        .findFirst();
  }

  private void change(Plan plan, UnaryOperator<ActionRecord> how) {
    records.replaceAll(it -> it.id().equals(plan.id()) ? how.apply(it) : it);
  }

  private static boolean isDryRun(Incident incident) {
    var repair = incident.repair();
    return repair != null
        && repair.phase() == RepairPhase.Blocked
        && repair.message().startsWith(Gates.DRY_RUN + ":");
  }

  private static String why(Incident incident) {
    return incident.level() + ": " + incident.cause();
  }

  private String how(String name) {
    return situation.spec().targets().stream()
        .filter(target -> target.name().equals(name))
        .map(situation::assessment)
        .map(it -> it.levelOrUnknown() + (it.message().isEmpty() ? "" : ": " + it.message()))
        .findFirst()
        .orElse("");
  }

  private Optional<Target> target(Incident incident) {
    return situation.spec().targets().stream()
        .filter(target -> target.name().equals(incident.target()))
        .findFirst();
  }
}
