package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Subject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must never be seen in an {@link Ordeal}: judged by what happened, not by asking the code.
 */
final class Promises {
  /** An act that was done. */
  private record Done(String id, String target, Subject subject, Instant at) {}

  private final Ordeal ordeal;
  private final World world;
  private final Set<String> healthyOnce = new HashSet<>();
  private final Set<String> lookedAt = new HashSet<>();
  private final Map<String, Instant> badSince = new HashMap<>();
  private final Map<String, Instant> lastRead = new HashMap<>();
  private final List<Done> done = new ArrayList<>();
  private final List<String> approved = new ArrayList<>();
  private final Map<String, Set<String>> attempts = new HashMap<>();
  private Set<String> planned = Set.of();
  Instant pausedUntil = Instant.MIN;

  Promises(Ordeal ordeal) {
    this.ordeal = ordeal;
    this.world = ordeal.world;
  }

  // --- what happened

  void read(String name) {
    lookedAt.add(name);
    lastRead.put(name, world.now);
    if (recent(name).endsWith("H")) {
      badSince.remove(name);
      healthyOnce.add(name);
    } else {
      badSince.putIfAbsent(name, world.now);
    }
  }

  void restarted() {
    lookedAt.clear();
  }

  void edited() {
    lookedAt.clear();
  }

  void forgets(String name) {
    healthyOnce.remove(name);
    badSince.remove(name);
  }

  void approved(String action) {
    approved.add(action);
  }

  void done(Due due) {
    var plan = due.plan();
    if (done.stream().noneMatch(it -> it.id().equals(plan.id()))) {
      done.add(new Done(plan.id(), due.occasion().target(), plan.subject(), world.now));
      assertBudget();
    } else {
      assertThat(plan.subject().kind())
          .as("done twice, which only a webhook may be, by the same key: %s", plan)
          .isEqualTo("Webhook");
    }
  }

  // --- what was decided

  void decided(MonitorStatus before, Decision decision) {
    decision.due().forEach(this::assertMayBeDone);
    var now = new HashSet<String>();
    for (var incident : world.status.state().incidents()) {
      var repair = incident.repair();
      if (repair != null && repair.plan() != null) {
        var plan = repair.plan();
        now.add(key(plan));
        if (!planned.contains(key(plan))) {
          assertMayBePlanned(incident, plan);
        }
        if (repair.phase() == RepairPhase.Planned) {
          assertNotCancelled(incident, plan);
        }
      }
      assertAttempts(incident);
    }
    planned = now;
    assertOneInFlight();
    assertBounded();
  }

  private static String key(Plan plan) {
    return plan.id() + " " + plan.sequence() + " " + plan.plannedAt();
  }

  /** Every gate, by what happened. */
  private void assertMayBeDone(Due due) {
    var plan = due.plan();
    var name = due.occasion().target();
    var incident = incident(name);
    var thing = ordeal.thing(due.action());
    assertThat(world.recovery.mode()).as("mode").isIn(Mode.Auto, Mode.Approve);
    assertThat(world.now).as("paused").isAfterOrEqualTo(pausedUntil);
    assertThat(world.circumstances.clock()).as("clock").isNull();
    assertThat(world.circumstances.doubt()).as("doubt").isNull();
    assertThat(thing.isReleased()).as("released").isTrue();
    assertThat(world.named(name).suspend()).as("suspended").isFalse();
    if (!world.recovery.windows().isEmpty()) {
      assertThat(world.now.atOffset(ZoneOffset.UTC).getMinute()).as("window").isLessThan(40);
    }
    if (incident.repair().phase() == RepairPhase.Executing) {
      assertThat(thing.effect).as("to be finished").isInstanceOf(Facts.Effect.Unfinished.class);
      return;
    }
    if (world.recovery.mode() == Mode.Approve) {
      assertThat(plan.approvedBy()).as("approved").isEqualTo("somebody");
    }
    assertThat(healthyOnce).as("armed").contains(name);
    assertThat(lookedAt).as("looked at").contains(name);
    var known = world.assessments.get(name);
    assertThat(known.level()).as("bad").matches(it -> it.isAtLeast(rung(incident).minimumLevel()));
    assertThat(known.starting()).as("starting").isFalse();
    assertThat(changes(recent(name))).as("flapping: %s", recent(name)).isLessThan(30);
    assertThat(thing.isFree()).as("free").isTrue();
    assertThat(plan.subject()).isEqualTo(due.action().subject());
    if (hasParent(name)) {
      assertParentLookedAt(name);
    }
  }

  /** One that is suspended holds nobody. */
  private boolean hasParent(String name) {
    return name.equals("events") && !world.named("gateway").suspend();
  }

  private void assertParentLookedAt(String child) {
    var parent = world.assessments.get("gateway");
    if (parent == null) {
      throw new AssertionError("the parent was never looked at");
    }
    assertThat(lookedAt).as("parent looked at").contains("gateway");
    assertThat(recent("gateway")).as("parent well").endsWith("H");
    assertThat(lastRead.get("gateway")).as("looked at again").isAfterOrEqualTo(badSince.get(child));
  }

  /** The gates that a plan passes and closes behind it. */
  private void assertMayBePlanned(Incident incident, Plan plan) {
    assertThat(plan.plannedAt()).as("another plan than that of before").isEqualTo(world.now);
    assertThat(world.circumstances.budget()).as("shared budget").isNull();
    var cooldown = world.recovery.cooldown();
    assertThat(done)
        .as("cooldown of %s", plan)
        .noneMatch(
            it ->
                (it.target().equals(incident.target()) || it.subject().equals(plan.subject()))
                    && world.now.isBefore(it.at().plus(cooldown)));
    if (world.recovery.mode() == Mode.Approve) {
      assertThat(approved.remove(plan.action())).as("approved: %s", plan).isTrue();
    }
  }

  /** What is well by a look after the plan is not repaired any more. */
  private void assertNotCancelled(Incident incident, Plan plan) {
    var known = world.assessments.get(incident.target());
    if (known != null
        && known.looked()
        && known.level() == Level.Healthy
        && known.isNewerThan(plan.plannedAt())
        && recent(incident.target()).endsWith("H")) {
      assertThat(done).as("well again: %s", plan).anyMatch(it -> it.id().equals(plan.id()));
    }
  }

  private void assertAttempts(Incident incident) {
    if (incident.repair() == null) {
      return;
    }
    var most = world.recovery.maxAttempts();
    assertThat(incident.repair().attempts()).as("attempts").isLessThanOrEqualTo(most);
    var life = incident.id() + incident.attentionOrNone().resets();
    var mine = attempts.computeIfAbsent(life, _ -> new HashSet<>());
    if (incident.repair().plan() != null) {
      mine.add(incident.repair().plan().id());
    }
    assertThat(done.stream().filter(it -> mine.contains(it.id())).count())
        .as("acts in one incident")
        .isLessThanOrEqualTo(most);
  }

  private void assertOneInFlight() {
    var subjects = Ordeal.plans(world.status).map(Plan::subject).toList();
    assertThat(subjects).as("one act at a time on each").doesNotHaveDuplicates();
  }

  private void assertBudget() {
    var budget = world.recovery.budget();
    var start = world.now.minus(budget.per());
    assertThat(done.stream().filter(it -> it.at().isAfter(start)))
        .as("acts in the window that ends now")
        .hasSizeLessThanOrEqualTo(budget.actions());
  }

  private void assertBounded() {
    var state = world.status.state();
    assertThat(world.status.actions()).hasSizeLessThanOrEqualTo(ActionRecord.MOST);
    assertThat(state.acts()).hasSizeLessThanOrEqualTo(100);
    assertThat(state.orders().handled()).hasSizeLessThanOrEqualTo(6);
    assertThat(state.raised()).hasSizeLessThanOrEqualTo(1);
    assertThat(state.incidents()).hasSizeLessThanOrEqualTo(2 * Ordeal.NAMES.size());
    state
        .incidents()
        .forEach(it -> assertThat(it.story()).hasSizeLessThanOrEqualTo(MonitorState.LONGEST_STORY));
  }

  // --- where it ends

  /** Why this incident may stay as it is for as long as nothing happens; empty: it may not. */
  String restsBecause(Incident incident) {
    var name = incident.target();
    var repair = incident.repair();
    var parent = world.assessments.get("gateway");
    if (hasParent(name)
        && (parent == null || parent.level() != Level.Healthy || parent.isSuspect())) {
      return "held";
    }
    if (repair == null) {
      return "";
    }
    var known = world.assessments.get(name);
    return switch (repair.phase()) {
      case Exhausted, Told -> repair.phase().name();
      case AwaitingApproval -> world.recovery.mode() == Mode.Approve ? "a person" : "";
      case Planned, Executing, Verifying, Recovered -> "";
      case Waiting ->
          known.levelOrUnknown() == Level.Unknown
                  || !known.levelOrUnknown().isAtLeast(rung(incident).minimumLevel())
              ? "not bad enough"
              : "";
      case Blocked -> closedForGood(incident);
    };
  }

  private String closedForGood(Incident incident) {
    var mode = world.recovery.mode();
    var action = rung(incident).action(world.named(incident.target()));
    if (mode == Mode.Disabled || mode == Mode.DryRun) {
      return "mode";
    }
    if (pausedUntil.equals(Instant.MAX)) {
      return "paused";
    }
    if (!world.circumstances.equals(Circumstances.GOOD)) {
      return "circumstances";
    }
    if (!healthyOnce.contains(incident.target())) {
      return "not armed";
    }
    if (world.assessments.get(incident.target()).starting()) {
      return "starting";
    }
    return action.isPresent() && !ordeal.thing(action.get()).isFree() ? "not free" : "";
  }

  private Rung rung(Incident incident) {
    return world.named(incident.target()).repair().get(incident.repair().rung());
  }

  private Incident incident(String target) {
    return world.status.state().incidents().stream()
        .filter(it -> it.resolvedAt() == null && it.target().equals(target))
        .findFirst()
        .orElseThrow();
  }

  private String recent(String name) {
    return world.assessments.get(name).recent();
  }

  /** The weighted share of changes, in percent: the newest counts 1.25, the nineteenth 0.75. */
  private static double changes(String recent) {
    var sum = 0.0;
    for (var age = 0; age + 1 < recent.length(); age++) {
      var at = recent.length() - 1 - age;
      sum += recent.charAt(at) == recent.charAt(at - 1) ? 0 : 1.25 - age * 0.5 / 18;
    }
    return sum * 100 / 19;
  }

  int acts() {
    return done.size();
  }
}
