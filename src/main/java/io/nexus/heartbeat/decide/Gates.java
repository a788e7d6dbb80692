package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Act;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.Target;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must all be open before anything is touched. What cannot be told is closed.
 *
 * <p>A closed gate is named first and then explained, with a colon between.
 */
final class Gates {
  static final String DRY_RUN = "dry run";

  /** All of them, as a record of an act says that it passed them. */
  static final String NAMES =
      "mode, approval, pause, window, clock, self-doubt, armed, looked at, flapping, dependency,"
          + " starting up, already in repair, workload and its owner's limits, cooldown, budget,"
          + " shared budget";

  private final Situation situation;
  private final List<Act> acts;
  private final List<Incident> incidents;

  /**
   * @param acts those of this very decision included
   * @param incidents as this decision has left them so far
   */
  Gates(Situation situation, List<Act> acts, List<Incident> incidents) {
    this.situation = situation;
    this.acts = acts;
    this.incidents = incidents;
  }

  /** Why this must not be done for this target now; empty: it may be. */
  Optional<Closed> closedFor(Target target, Look look) {
    return standing(target, look)
        .or(() -> cooldown(target, look.action()))
        .or(this::budget)
        .or(situation.circumstances()::sharedBudget)
        .or(() -> dryRun(look.action()));
  }

  /**
   * Why what was planned must not be done any more; empty: it may be. All gates but those that the
   * plan itself has passed and closed: what it spends is spent.
   */
  Optional<Closed> closedForPlanned(Target target, Look look) {
    return standing(target, look).or(() -> dryRun(look.action()));
  }

  /** Why what was begun must not be gone on with now: it waits, and its time goes on. */
  Optional<Closed> closedForBegun(Look look) {
    return always(look).or(() -> dryRun(look.action()));
  }

  private Optional<Closed> standing(Target target, Look look) {
    return always(look)
        .or(() -> armed(target))
        .or(() -> looked(target))
        .or(() -> Flapping.closed(target, situation.assessment(target)))
        .or(() -> dependency(target))
        .or(() -> starting(target))
        .or(() -> inFlight(target, look.action()))
        .or(() -> facts(situation.facts().get(look), look.action()));
  }

  /** Whatever it is done to. */
  private Optional<Closed> always(Look look) {
    return mode()
        .or(() -> unapproved(look))
        .or(this::paused)
        .or(() -> Windows.closed(situation.spec().recovery().windows(), situation.now()))
        .or(situation.circumstances()::standing);
  }

  /** A gate and why it is closed. */
  record Closed(String gate, String why) {
    String text() {
      return gate + ": " + why;
    }
  }

  private Optional<Closed> mode() {
    return situation.spec().recovery().mode() == Mode.Disabled
        ? Optional.of(new Closed("recovery is disabled", "spec.recovery.mode is Disabled"))
        : Optional.empty();
  }

  /** It was planned when nobody had to be asked. */
  private Optional<Closed> unapproved(Look look) {
    return situation.spec().recovery().mode() == Mode.Approve
            && look.plan() != null
            && look.plan().approvedBy() == null
        ? Optional.of(new Closed("not approved", "spec.recovery.mode is Approve now"))
        : Optional.empty();
  }

  private Optional<Closed> paused() {
    return Optional.ofNullable(situation.prior().state().orders().pause())
        .map(pause -> new Closed("paused", Orders.words(pause)));
  }

  private Optional<Closed> armed(Target target) {
    return situation.armed(target)
        ? Optional.empty()
        : Optional.of(
            new Closed(
                "not armed",
                target.name() + " was never healthy since its check was last changed"));
  }

  private Optional<Closed> looked(Target target) {
    return situation.assessment(target).looked()
        ? Optional.empty()
        : Optional.of(
            new Closed(
                "not yet looked at",
                target.name() + " was not checked since the start, an edit or a suspension"));
  }

  private Optional<Closed> dependency(Target target) {
    return Dependencies.holding(target, situation)
        .map(parent -> new Closed("held", parent + " is not known to be well"));
  }

  private Optional<Closed> starting(Target target) {
    return situation.assessment(target).starting()
        ? Optional.of(new Closed("starting up", target.name() + " is coming up by itself"))
        : Optional.empty();
  }

  private Optional<Closed> inFlight(Target target, Action action) {
    return incidents.stream()
        .filter(incident -> !incident.target().equals(target.name()))
        .filter(
            incident ->
                incident.repair() != null
                    && incident.repair().plan() != null
                    && incident.repair().plan().subject().equals(action.subject())
                    && Incidents.isInFlight(incident))
        .findFirst()
        .map(
            other -> new Closed("already in repair", action.subject() + ", for " + other.target()));
  }

  private Optional<Closed> cooldown(Target target, Action action) {
    var cooldown = situation.spec().recovery().cooldown();
    return acts.stream()
        .filter(
            act ->
                act.target().equals(target.name())
                    || act.subject().equals(action.subject().toString()))
        .map(act -> act.at().plus(cooldown))
        .max(Comparator.naturalOrder())
        .filter(until -> situation.now().isBefore(until))
        .map(
            until ->
                new Closed(
                    "cooldown",
                    Words.of(cooldown) + " after the last act, until " + Words.of(until)));
  }

  private Optional<Closed> budget() {
    var budget = situation.spec().recovery().budget();
    var spent = spentWithin(budget.per());
    if (spent.size() < budget.actions()) {
      return Optional.empty();
    }
    var until = spent.get(spent.size() - budget.actions()).at().plus(budget.per());
    return Optional.of(
        new Closed(
            "budget",
            "%d of %d acts in %s are spent, until %s"
                .formatted(
                    spent.size(), budget.actions(), Words.of(budget.per()), Words.of(until))));
  }

  private List<Act> spentWithin(Duration window) {
    var start = situation.now().minus(window);
    return acts.stream()
        .filter(act -> act.at().isAfter(start))
        .sorted(Comparator.comparing(Act::at))
        .toList();
  }

  private Optional<Closed> facts(@Nullable Facts facts, Action action) {
    return switch (facts) {
      case null -> Optional.of(new Closed("not readable", action.subject() + " was not read yet"));
      case Facts.Missing _ ->
          Optional.of(
              new Closed(
                  "not found", "there is no " + action.subject() + " in " + situation.namespace()));
      case Facts.Unreadable(var why) -> Optional.of(new Closed("not readable", why));
      case Facts.Found found when found.release() != null ->
          Optional.of(new Closed("not released for repair", found.release()));
      case Facts.Found found when found.obstacle() != null ->
          Optional.of(new Closed(found.obstacle().gate(), found.obstacle().why()));
      case Facts.Found _ -> Optional.empty();
    };
  }

  private Optional<Closed> dryRun(Action action) {
    return situation.spec().recovery().mode() == Mode.DryRun
        ? Optional.of(new Closed(DRY_RUN, "would " + action.words() + " now"))
        : Optional.empty();
  }
}
