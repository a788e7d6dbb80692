package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Alerts;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Keyboard;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Situation.NotReady;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A monitor, its targets' readings and its workloads, moved along by hand: no thread, no clock. */
final class World {
  static final WorkloadRef GATEWAY = new WorkloadRef(WorkloadRef.Kind.Deployment, "gateway");
  static final Receiver OPS = new Receiver("ops", Level.Degraded, null, null);

  static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  Instant now = START;
  Recovery recovery = Recovery.DEFAULT;
  List<Target> targets = new ArrayList<>();
  List<Receiver> receivers = new ArrayList<>(List.of(OPS));
  MonitorStatus status = MonitorStatus.NONE;
  Map<String, Assessment> assessments = new LinkedHashMap<>();
  Map<Subject, Facts> facts = new HashMap<>();
  Map<String, List<Told>> news = new HashMap<>();
  List<TellResult> tellings = new ArrayList<>();
  Circumstances circumstances = Circumstances.GOOD;
  Set<WorkloadRef> putBack = new HashSet<>();
  @Nullable NotReady notReady;
  long generation = 1;
  boolean proven;
  Map<Order, String> orders = new EnumMap<>(Order.class);
  Pressed pressed = Pressed.NONE;

  /** The buttons under the message that tells this; null: none. */
  Function<Notice, @Nullable Keyboard> keyboards = _ -> null;

  final Map<String, String> versions = new HashMap<>();

  /** How the world answers when it is looked at. */
  Function<Look, Facts> looking =
      look -> facts.getOrDefault(look.action().subject(), new Facts.Missing());

  private int nonce;

  World(Target... targets) {
    this.targets.addAll(List.of(targets));
    facts.put(GATEWAY.subject(), steady(0, null));
  }

  static Target target(String name, Rung... repair) {
    return target(name, List.of(), repair);
  }

  static Target target(String name, List<String> dependsOn, Rung... repair) {
    return ATarget.named(name).dependsOn(dependsOn).repair(repair).build();
  }

  static Target suspended(String name) {
    return suspended(name, List.of());
  }

  static Target suspended(String name, List<String> dependsOn) {
    return ATarget.named(name).dependsOn(dependsOn).suspended().build();
  }

  /** Down after two failures. */
  static Target patientWith(Rung rung) {
    return ATarget.named("t").patient(2, 1).repair(rung).build();
  }

  static Target patient(int failureThreshold, int successThreshold, Threshold... thresholds) {
    return ATarget.named("t")
        .patient(failureThreshold, successThreshold)
        .thresholds(thresholds)
        .build();
  }

  static Rung restart() {
    return ARung.restarting(GATEWAY).verified(2, Duration.ofMinutes(5)).build();
  }

  static Facts.Found steady(long sequence, String lastAction) {
    return found(null, sequence, lastAction, null);
  }

  /** Released, unless it is said how to; complete, unless somebody is changing it. */
  static Facts.Found found(String release, long sequence, String lastAction, String changing) {
    return new Facts.Found(
        "uid-1",
        release,
        sequence,
        lastAction,
        changing == null ? new Effect.Complete("rolled out") : new Effect.Underway(changing),
        changing == null ? null : Obstacle.passing("being changed by somebody else", changing),
        "replaces 3 pods",
        List.of());
  }

  void gateway(Facts now) {
    facts.put(GATEWAY.subject(), now);
  }

  Facts gateway() {
    return facts.get(GATEWAY.subject());
  }

  MonitorSpec spec() {
    return new MonitorSpec(null, null, false, null, targets, recovery, new Alerts(receivers));
  }

  /** The process is another one: what is not in the status is forgotten. */
  World restarted() {
    var armed = status.state().armed();
    assessments.clear();
    for (var known : status.targets()) {
      var version = version(known.name());
      var isArmed =
          armed.stream()
              .anyMatch(a -> a.target().equals(known.name()) && a.check().equals(version));
      targets.stream()
          .filter(t -> t.name().equals(known.name()))
          .forEach(t -> assessments.put(t.name(), Assessment.remembered(t, known, isArmed)));
    }
    proven = true;
    return this;
  }

  /** Another declaration of the same monitor, which leaves the checks as they were. */
  World edited(Target... now) {
    targets = new ArrayList<>(List.of(now));
    assessments.replaceAll((_, known) -> known.afterEdit());
    proven = false;
    generation++;
    return this;
  }

  /** The target is checked in another way from now on, and nothing is known of it. */
  World checksOtherwise(String name, String version) {
    versions.put(name, version);
    edited(targets.toArray(Target[]::new));
    assessments.remove(name);
    return this;
  }

  private String version(String name) {
    return versions.getOrDefault(name, "v1");
  }

  World after(Duration duration) {
    now = now.plus(duration);
    return this;
  }

  World up(String name) {
    return reads(name, new Reading.Up(Measurements.NONE));
  }

  World down(String name) {
    return reads(name, new Reading.Down("connection refused", Measurements.NONE));
  }

  World reads(String name, Reading reading) {
    var target = named(name);
    assessments.merge(
        name,
        Assessment.NONE.next(target, new Observation(now, Duration.ofMillis(5), reading)),
        (before, _) -> before.next(target, new Observation(now, Duration.ofMillis(5), reading)));
    return this;
  }

  Target named(String name) {
    return targets.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  Situation situation(Map<String, ActResult> acts) {
    var looked = new HashMap<Look, Facts>();
    for (var look : Decision.looksOf(situation(acts, Map.of()))) {
      looked.put(look, looking.apply(look));
    }
    return situation(acts, looked);
  }

  private Situation situation(Map<String, ActResult> acts, Map<Look, Facts> looked) {
    var checks = new HashMap<String, String>();
    targets.forEach(t -> checks.put(t.name(), version(t.name())));
    return new Situation(
        "nexus/nexus",
        "monitor-uid",
        generation,
        spec(),
        status,
        assessments,
        checks,
        proven,
        looked,
        acts,
        Set.copyOf(putBack),
        circumstances,
        news,
        List.copyOf(tellings),
        receivers,
        now,
        "nonce" + nonce++,
        START,
        Map.copyOf(orders),
        pressed,
        notReady);
  }

  /** Decides, and stores what was decided. */
  Decision decide() {
    return decide(Map.of());
  }

  Decision decide(Map<String, ActResult> acts) {
    var decision = Decision.of(situation(acts));
    assertThatPhasesFollowTheTable(status, decision.status());
    status = decision.status();
    news.clear();
    tellings.clear();
    putBack.clear();
    return decision;
  }

  /** Of what was not reset in between. */
  private static void assertThatPhasesFollowTheTable(MonitorStatus before, MonitorStatus after) {
    for (var now : after.state().incidents()) {
      before.state().incidents().stream()
          .filter(it -> it.id().equals(now.id()) && it.repair() != null && now.repair() != null)
          .filter(it -> resets(it) == resets(now))
          .map(it -> it.repair().phase())
          .filter(phase -> phase != now.repair().phase())
          .forEach(phase -> assertThat(phase.next()).contains(now.repair().phase()));
    }
  }

  private static long resets(Incident incident) {
    return incident.story().stream().filter(it -> it.kind() == Kind.Reset).count();
  }

  /** As the performer would: the workload carries the plan, and rolls out. */
  World acts(Decision decision) {
    for (var due : decision.due()) {
      var plan = due.plan();
      facts.put(plan.subject(), found(null, plan.sequence(), plan.id(), "rollout in progress"));
    }
    return this;
  }

  World rolledOut() {
    if (gateway() instanceof Facts.Found found) {
      gateway(steady(found.sequence(), found.lastAction()));
    }
    return this;
  }

  /** As the courier would: everything due was delivered. */
  World delivered(Decision decision) {
    for (var notice : decision.notices()) {
      news.computeIfAbsent(notice.incident(), _ -> new ArrayList<>())
          .add(
              new Told(
                  notice.receiver(), notice.seq(), "m" + notice.seq(), keyboards.apply(notice)));
    }
    return this;
  }

  String condition(String type) {
    return status.conditions().stream()
        .filter(c -> c.getType().equals(type))
        .map(c -> c.getStatus() + "/" + c.getReason())
        .findFirst()
        .orElseThrow();
  }

  Repair repair() {
    return incident().repair();
  }

  Incident incident() {
    return status.state().incidents().getFirst();
  }
}
