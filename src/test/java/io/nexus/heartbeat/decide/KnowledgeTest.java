package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing is said or done on what was known before, by another process or of another question. */
class KnowledgeTest {
  private static final Duration SOON = Duration.ofSeconds(1);

  @Test
  void healthyIsUnknownAfterAnEditUntilEachTargetWasLookedAt() {
    var world = new World(target("gateway"), target("redis"));
    world.up("gateway").up("redis").decide();
    assertThat(world.condition("Healthy")).isEqualTo("True/TargetsHealthy");

    world.edited(target("gateway"), target("redis")).after(SOON).up("gateway").decide();
    assertThat(world.condition("Healthy")).isEqualTo("Unknown/NotYetChecked");
    world.up("redis").decide();
    assertThat(world.condition("Healthy")).isEqualTo("True/TargetsHealthy");
  }

  @Test
  void aProcessThatFindsAGenerationNotYetCheckedChecksItItself() {
    var world = new World(target("gateway"));
    world.up("gateway").decide();
    world.edited(target("gateway")).decide();
    assertThat(world.condition("Healthy")).isEqualTo("Unknown/NotYetChecked");

    world.restarted().proven = false;
    world.decide();
    assertThat(world.condition("Healthy")).isEqualTo("Unknown/NotYetChecked");
    world.after(SOON).up("gateway").decide();
    assertThat(world.condition("Healthy")).isEqualTo("True/TargetsHealthy");
  }

  @Test
  void aTargetThatRecoveredWhileNobodyLookedIsNotRepairedByTheFirstTurn() {
    var world = new World(target("gateway", restart()));
    world.up("gateway").decide();
    world.gateway(new Facts.Unreadable("no right"));
    world.after(SOON).down("gateway").decide();

    world.gateway(World.steady(0, null));
    var first = world.after(Duration.ofHours(3)).restarted().decide();
    assertThat(first.due()).isEmpty();
    assertThat(world.repair().message()).isEqualTo("for a check of gateway");

    world.after(SOON).up("gateway").decide();
    assertThat(world.incident().resolvedAt()).isEqualTo(world.now);
  }

  @Test
  void whatWasSuspendedIsAsIfNeverLookedAtButKeepsThatItWasWellOnce() {
    var before = Assessment.NONE;
    var gateway = target("gateway");
    for (var reading : List.of(new Reading.Up(Measurements.NONE), down())) {
      before = before.next(gateway, new Observation(World.START, SOON, reading));
    }
    assertThat(before.level()).isEqualTo(Level.Critical);
    var after = before.afterSuspension();
    assertThat(after.level()).isNull();
    assertThat(after.looked()).isFalse();
    assertThat(after.armed()).isTrue();
  }

  @Test
  void whatIsBetweenTwoLimitsStaysAsItWasWhenTheProcessIsAnother() {
    var limits = new Threshold("memoryPercent", limit(80), null, limit(75), null);
    var redis = World.patient(1, 1, limits);
    var world = new World(redis);
    world.reads("t", memory(70)).decide();
    world.after(SOON).reads("t", memory(81)).decide();
    assertThat(world.status.level()).isEqualTo(Level.Degraded);

    world.restarted().after(SOON).reads("t", memory(77)).decide();
    assertThat(world.status.level()).isEqualTo(Level.Degraded);
    world.after(SOON).reads("t", memory(74)).decide();
    assertThat(world.status.level()).isEqualTo(Level.Healthy);
  }

  @Test
  void notBeingAbleToTellIsNoSignOfGettingBetter() {
    var gateway = World.patient(3, 1);
    var world = new World(gateway);
    for (var i = 0; i < 3; i++) {
      world.after(SOON).reads("t", down());
    }
    world.after(SOON).reads("t", new Reading.Unknown("our DNS"));
    assertThat(world.assessments.get("t").level()).isEqualTo(Level.Critical);
    world.after(SOON).reads("t", new Reading.Unknown("our DNS"));
    world.after(SOON).reads("t", new Reading.Unknown("our DNS"));
    assertThat(world.assessments.get("t").level()).isEqualTo(Level.Unknown);
  }

  @Test
  void theCauseStaysWhatWasWrongWhileItIsNotYetWellForLongEnough() {
    var world = new World(World.patient(1, 3));
    for (var i = 0; i < 3; i++) {
      world.after(SOON).reads("t", new Reading.Up(Measurements.NONE));
    }
    world.decide();
    world.after(SOON).reads("t", down()).decide();
    world.after(SOON).reads("t", new Reading.Up(Measurements.NONE)).decide();
    assertThat(world.incident().cause()).isEqualTo("connection refused");
  }

  @Test
  void readingsThatAreWorseAreCountedByThemselves() {
    var world = new World(World.patient(3, 1));
    for (var i = 0; i < 5; i++) {
      world.reads("t", new Reading.Impaired("slow", Measurements.NONE, false));
    }
    world.reads("t", down());
    assertThat(world.assessments.get("t").message()).isEqualTo("connection refused (1 of 3)");
  }

  @Test
  void whatKeepsUsFromTellingIsNewsEachTimeItIsAnother() {
    var world = new World(target("redis"));
    world.reads("redis", new Reading.Unknown("no Secret redis")).decide();
    var stored = world.status;
    world.after(SOON).reads("redis", new Reading.Unknown("no Secret redis"));
    assertThat(Decision.of(world.situation(java.util.Map.of())).isNews(stored)).isFalse();
    world.reads("redis", new Reading.Unknown("Secret redis is not released"));
    assertThat(Decision.of(world.situation(java.util.Map.of())).isNews(stored)).isTrue();
  }

  @Test
  void aChildIsHeldUntilItWasCheckedAfterItsParentBecameWell() {
    var world = new World(target("gateway"), target("events", List.of("gateway"), restart()));
    world.up("gateway").up("events").decide();
    world.after(SOON).down("gateway").down("events").decide();
    world.after(SOON).up("gateway");
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.status.state().incidents()).noneMatch(i -> i.target().equals("events"));

    world.after(SOON).up("events").decide();
    assertThat(world.status.level()).isEqualTo(Level.Healthy);
    assertThat(world.status.state().incidents()).noneMatch(i -> i.target().equals("events"));
  }

  @Test
  void aChildIsHeldUntilItsParentWasCheckedAfterTheChildBecameBad() {
    var world = new World(target("gateway"), target("events", List.of("gateway"), restart()));
    world.up("gateway").up("events").decide();
    world.after(SOON).down("events");
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.status.state().incidents()).isEmpty();

    world.after(SOON).up("gateway");
    assertThat(world.decide().due()).hasSize(1);
  }

  @Test
  void aParentThatDoesNotCountDoesNotHideItsOwn() {
    var world =
        new World(
            target("node"),
            World.suspended("gateway", List.of("node")),
            target("events", List.of("gateway")));
    world.up("node").up("events").decide();
    world.after(SOON).down("node").down("events").decide();
    assertThat(world.status.state().incidents())
        .extracting(i -> i.target())
        .containsExactly("node");
  }

  @Test
  void aHeldIncidentTellsNothing() {
    var world = new World(target("gateway"), target("events", List.of("gateway")));
    world.up("gateway").up("events").decide();
    world.after(SOON).reads("events", new Reading.Impaired("slow", Measurements.NONE, false));
    world.after(SOON).up("gateway").decide();
    assertThat(kindsOf(world, "events")).containsExactly(Kind.Opened);
    world.after(SOON).down("gateway").down("events").decide();
    assertThat(kindsOf(world, "events")).containsExactly(Kind.Opened);
  }

  private static List<Kind> kindsOf(World world, String name) {
    return world.status.state().incidents().stream()
        .filter(i -> i.target().equals(name))
        .flatMap(i -> i.story().stream())
        .map(Happening::kind)
        .toList();
  }

  private static Reading down() {
    return new Reading.Down("connection refused", Measurements.NONE);
  }

  private static Reading memory(double percent) {
    return new Reading.Up(Measurements.NONE.with("memoryPercent", percent));
  }

  private static IntOrString limit(int value) {
    return new IntOrString(value);
  }
}
