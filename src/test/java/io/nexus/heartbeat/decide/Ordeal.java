package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A monitor of three targets, and a world in which anything may happen to it: each event is
 * followed by a turn as the engine takes it. What may not happen is looked after by {@link
 * Promises}, which is told of everything.
 */
final class Ordeal {
  static final List<String> NAMES = List.of("gateway", "events", "redis");

  /** What may happen next. */
  enum Event {
    NOTHING,
    UP,
    DOWN,
    DEGRADED,
    STARTING,
    UNKNOWN,
    /** So that it does not flap. */
    STEADILY_DOWN,
    STEADILY_UP,
    A_MINUTE,
    TEN_MINUTES,
    ACT_IS_REFUSED,
    ACT_FAILS,
    ACT_FAILS_THOUGH_DONE,
    ACT_IS_BEGUN_ONLY,
    FROZEN_BEFORE_THE_ACT,
    THAWED,
    DIES_BEFORE_THE_ACT,
    DIES_AFTER_THE_ACT,
    SOMEBODY_ELSE_WROTE,
    EFFECT_COMPLETES,
    EFFECT_FAILS,
    SOMEBODY_ROLLS_OUT,
    ROLLED_OUT,
    OPT_OUT,
    OPT_IN,
    ANOTHER_MONITOR_ACTS,
    HOPELESS,
    HOPEFUL,
    OWNER_FORBIDS,
    OWNER_ALLOWS,
    UNREADABLE,
    READABLE,
    DELETED,
    MADE_ANEW,
    CRASH,
    EDIT,
    CHECK_IS_EDITED,
    LADDER_IS_EDITED,
    SUSPENDED,
    UNSUSPENDED,
    AUTO,
    APPROVE_FIRST,
    DRY_RUN,
    DISABLED,
    CLOCK_GOES_WRONG,
    IN_DOUBT,
    ALL_IS_SPENT,
    CIRCUMSTANCES_ARE_GOOD,
    PAUSE,
    PAUSE_FOR_A_WHILE,
    RESUME,
    RESET,
    ACKNOWLEDGE,
    APPROVE,
    DELIVER
  }

  /**
   * @param which target or thing it happens to
   */
  record Happening(Event event, int which) {}

  final World world;
  final Map<Subject, Thing> things = new HashMap<>();
  final Promises promises;
  private final List<Subject> subjects;
  private List<Due> frozen = List.of();
  private int edits;
  private final boolean optional;

  /**
   * @param optional the last target need not be there
   */
  Ordeal(List<List<Rung>> ladders, int patience, Recovery recovery, boolean optional) {
    this.optional = optional;
    world = new World();
    for (var i = 0; i < NAMES.size(); i++) {
      world.targets.add(target(NAMES.get(i), ladders.get(i), patience, false));
    }
    world.recovery = recovery;
    world.looking = look -> thing(look.action()).look(look);
    subjects =
        world.targets.stream()
            .flatMap(it -> it.repair().stream().flatMap(rung -> rung.action(it).stream()))
            .map(Action::subject)
            .distinct()
            .toList();
    subjects.forEach(it -> things.put(it, new Thing(!it.kind().equals("Webhook"))));
    promises = new Promises(this);
  }

  private Target target(String name, List<Rung> ladder, int patience, boolean suspended) {
    var target =
        ATarget.named(name)
            .dependsOn(name.equals("events") ? List.of("gateway") : List.of())
            .patient(patience, 1)
            .repair(ladder.toArray(Rung[]::new));
    if (suspended) {
      target.suspended();
    }
    if (optional && name.equals(NAMES.getLast())) {
      target.optional();
    }
    return target.build();
  }

  Thing thing(Action action) {
    return things.get(action.subject());
  }

  void happens(Happening happening) {
    world.after(Duration.ofSeconds(1));
    var name = NAMES.get(happening.which());
    var thing =
        subjects.isEmpty()
            ? new Thing(true)
            : things.get(subjects.get(happening.which() % subjects.size()));
    var event = happening.event();
    switch (event) {
      case UP -> reads(name, new Reading.Up(Measurements.NONE));
      case DOWN -> reads(name, new Reading.Down("refused", Measurements.NONE));
      case DEGRADED -> reads(name, new Reading.Impaired("slow", Measurements.NONE, false));
      case STARTING -> reads(name, new Reading.Impaired("loading", Measurements.NONE, true));
      case UNKNOWN -> reads(name, new Reading.Unknown("no Secret"));
      case STEADILY_DOWN -> steadily(name, new Reading.Down("refused", Measurements.NONE));
      case STEADILY_UP -> steadily(name, new Reading.Up(Measurements.NONE));
      case A_MINUTE -> world.after(Duration.ofMinutes(1));
      case TEN_MINUTES -> world.after(Duration.ofMinutes(10));
      case THAWED -> {
        frozen.forEach(this::perform);
        frozen = List.of();
      }
      case EFFECT_COMPLETES -> effectCompletes(thing);
      case EFFECT_FAILS -> {
        if (thing.effect instanceof Effect.Underway) {
          thing.effect = new Effect.Failed("too bad");
        }
      }
      case SOMEBODY_ROLLS_OUT -> thing.changing = true;
      case ROLLED_OUT -> thing.changing = false;
      case OPT_OUT -> thing.released = false;
      case OPT_IN -> thing.released = true;
      case ANOTHER_MONITOR_ACTS -> thing.anotherActs();
      case HOPELESS -> thing.hopeless = true;
      case HOPEFUL -> thing.hopeless = false;
      case OWNER_FORBIDS -> thing.limited = true;
      case OWNER_ALLOWS -> thing.limited = false;
      case UNREADABLE -> thing.unreadable = true;
      case READABLE -> thing.unreadable = false;
      case DELETED -> thing.gone = true;
      case MADE_ANEW -> thing.madeAnew();
      case CRASH -> restarts();
      case EDIT -> edited(world.targets);
      case CHECK_IS_EDITED -> {
        world.checksOtherwise(name, "edited " + ++edits);
        promises.edited();
        promises.forgets(name);
      }
      case LADDER_IS_EDITED -> edited(world.targets.stream().map(t -> turned(t, name)).toList());
      case SUSPENDED -> edited(world.targets.stream().map(t -> suspended(t, name, true)).toList());
      case UNSUSPENDED ->
          edited(world.targets.stream().map(t -> suspended(t, name, false)).toList());
      case AUTO -> mode(Mode.Auto);
      case APPROVE_FIRST -> mode(Mode.Approve);
      case DRY_RUN -> mode(Mode.DryRun);
      case DISABLED -> mode(Mode.Disabled);
      case CLOCK_GOES_WRONG -> world.circumstances = new Circumstances("ahead", null, null);
      case IN_DOUBT -> world.circumstances = new Circumstances(null, "no DNS", null);
      case ALL_IS_SPENT -> world.circumstances = new Circumstances(null, null, "spent");
      case CIRCUMSTANCES_ARE_GOOD -> world.circumstances = Circumstances.GOOD;
      case PAUSE -> {
        order(Order.Pause, "");
        promises.pausedUntil = Instant.MAX;
      }
      case PAUSE_FOR_A_WHILE -> {
        order(Order.Pause, "2m");
        promises.pausedUntil = world.now.plus(Duration.ofMinutes(2));
      }
      case RESUME -> {
        order(Order.Resume, "");
        promises.pausedUntil = Instant.MIN;
      }
      case RESET -> order(Order.Reset, "");
      case ACKNOWLEDGE -> order(Order.Ack, "");
      case APPROVE -> approve();
      case DELIVER -> world.delivered(Decision.of(world.situation(Map.of())));
      default -> {} // the turn itself goes otherwise
    }
    turn(event);
  }

  // --- a turn, as the engine takes it: decide, call off, store, perform, decide

  void turn(Event how) {
    var decision = decided(Map.of());
    if (decision == null || how == Event.SOMEBODY_ELSE_WROTE) {
      return;
    }
    stored(decision);
    if (how == Event.DIES_BEFORE_THE_ACT) {
      restarts();
      return;
    }
    if (how == Event.FROZEN_BEFORE_THE_ACT) {
      frozen = decision.due();
      return;
    }
    var results = new HashMap<String, ActResult>();
    for (var due : decision.due()) {
      results.put(due.plan().id(), result(due, how));
    }
    if (how == Event.DIES_AFTER_THE_ACT) {
      restarts();
      return;
    }
    decision.putBack().forEach(it -> world.putBack.add(it.workload()));
    if (!results.isEmpty() || !world.putBack.isEmpty()) {
      var next = decided(results);
      if (next != null) {
        stored(next);
      }
    }
  }

  /** Null: what it gives up cannot be called off, so that it is not stored. */
  private Decision decided(Map<String, ActResult> results) {
    var decision = Decision.of(world.situation(results));
    var kept = plans(decision.status()).map(Plan::id).toList();
    var done = new HashMap<>(results);
    for (var incident : world.status.state().incidents()) {
      var repair = incident.repair();
      if (repair != null
          && repair.phase() == RepairPhase.Planned
          && repair.plan() != null
          && !kept.contains(repair.plan().id())) {
        var thing = things.get(repair.plan().subject());
        if (thing.unreadable) {
          return null;
        }
        if (thing.callOff(repair.plan())) {
          done.put(repair.plan().id(), new ActResult.Done());
        }
      }
    }
    return done.equals(results) ? decision : Decision.of(world.situation(done));
  }

  private void stored(Decision decision) {
    var before = world.status;
    world.status = decision.status();
    world.news.clear();
    world.putBack.clear();
    promises.decided(before, decision);
  }

  private ActResult result(Due due, Event how) {
    return switch (how) {
      case ACT_IS_REFUSED -> new ActResult.Refused("admission");
      case ACT_FAILS -> new ActResult.NotYet("refused");
      case ACT_FAILS_THOUGH_DONE -> {
        perform(due);
        yield new ActResult.NotYet("timed out");
      }
      case ACT_IS_BEGUN_ONLY -> {
        if (perform(due).now() && !due.plan().subject().kind().equals("Webhook")) {
          thing(due.action()).effect = new Effect.Unfinished("to be finished", true);
        }
        yield new ActResult.NotYet("half of it");
      }
      default ->
          perform(due).done() ? new ActResult.Done() : new ActResult.Refused("the ticket is gone");
    };
  }

  private Thing.Tried perform(Due due) {
    if (!world.now.isBefore(due.plan().deadline())
        && !due.plan().id().equals(thing(due.action()).lastAction)) {
      return new Thing.Tried(false, false);
    }
    var tried = thing(due.action()).perform(due);
    if (tried.now()) {
      promises.done(due);
    }
    return tried;
  }

  static Stream<Plan> plans(MonitorStatus status) {
    return status.state().incidents().stream()
        .map(Incident::repair)
        .filter(repair -> repair != null && repair.plan() != null)
        .map(repair -> repair.plan());
  }

  // --- what happens

  void reads(String name, Reading reading) {
    if (world.named(name).suspend()) {
      return; // nobody looks
    }
    world.reads(name, reading);
    promises.read(name);
  }

  private void steadily(String name, Reading reading) {
    for (var i = 0; i < Assessment.MEMORY; i++) {
      reads(name, reading);
    }
  }

  static void effectCompletes(Thing thing) {
    if (thing.effect instanceof Effect.Underway || thing.effect instanceof Effect.Failed) {
      thing.effect = new Effect.Complete("");
    }
  }

  private void restarts() {
    world.restarted();
    promises.restarted();
  }

  private void edited(List<Target> targets) {
    world.edited(targets.toArray(Target[]::new));
    promises.edited();
  }

  /** Its first rung is its last. */
  private Target turned(Target target, String name) {
    if (!target.name().equals(name) || target.repair().size() < 2) {
      return target;
    }
    var ladder = new ArrayList<>(target.repair());
    ladder.add(ladder.removeFirst());
    return target(name, ladder, target.failureThreshold(), target.suspend());
  }

  private Target suspended(Target target, String name, boolean now) {
    return target.name().equals(name)
        ? target(name, target.repair(), target.failureThreshold(), now)
        : target;
  }

  private void mode(Mode mode) {
    var now = world.recovery;
    world.recovery =
        new Recovery(mode, now.budget(), now.cooldown(), now.maxAttempts(), now.windows());
  }

  private void order(Order order, String text) {
    world.orders.put(order, (text + " by=somebody at=" + world.now).strip());
  }

  /** As a person does it: what is shown is copied. */
  private void approve() {
    for (var incident : world.status.state().incidents()) {
      var repair = incident.repair();
      if (repair != null && repair.phase() == RepairPhase.AwaitingApproval) {
        var shown = repair.message();
        var id = shown.substring(shown.lastIndexOf(' ') + 1);
        promises.approved(shown.substring(0, shown.indexOf(" waits for approval")));
        order(Order.Approve, id);
        return;
      }
    }
  }

  /** Names of targets that have an incident open. */
  Set<String> troubled() {
    var names = new HashSet<String>();
    world.status.state().incidents().stream()
        .filter(it -> it.resolvedAt() == null)
        .forEach(it -> names.add(it.target()));
    return names;
  }
}
