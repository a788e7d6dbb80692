package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from a database, while that is not well. */
class DatabaseTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final World world =
      new World(
          target("db"),
          ATarget.of(
                  "agents", new AgentsTarget("db", null, null, null, null, null, null, null, null))
              .repair(restart())
              .build());

  @Test
  void whileItsDatabaseIsDownATargetIsHeldAndHasNoIncidentHoweverLongItLasts() {
    world.up("db").up("agents").decide();
    for (var i = 0; i < 30; i++) {
      world.after(SOON).down("db").reads("agents", unreachable()).decide();
    }
    assertThat(world.status.state().incidents())
        .singleElement()
        .satisfies(incident -> assertThat(incident.target()).isEqualTo("db"));
    assertThat(world.status.targets().get(1).message())
        .isEqualTo("database db cannot be asked: timed out; held while db is not well");
  }

  @Test
  void whatWasBadBeforeItsDatabaseWentDownIsNotRepairedMeanwhile() {
    world.up("db").up("agents").decide();
    world.after(SOON).down("agents");
    world.after(SOON).down("db");
    assertThat(world.decide().due()).isEmpty();
    assertThat(world.status.state().incidents()).hasSize(1);
  }

  @Test
  void whatADatabaseTellsThatIsNotAtItsBestIsToldAllTheSame() {
    world.up("db").up("agents").decide();
    world.after(SOON).reads("agents", stuck());
    world.after(SOON).reads("db", crowded()).decide();
    assertThat(world.status.state().incidents())
        .extracting("target")
        .containsExactlyInAnyOrder("db", "agents");
    assertThat(world.status.targets().get(1).message()).doesNotContain("held");
  }

  @Test
  void whatADatabaseDoesNotTellWhileItIsNotAtItsBestIsItsOwnMatter() {
    world.up("db").up("agents").decide();
    for (var i = 0; i < 30; i++) {
      world.after(SOON).reads("agents", unreachable()).reads("db", crowded()).decide();
    }
    assertThat(world.status.state().incidents()).hasSize(1);
    assertThat(world.status.targets().get(1).level()).isEqualTo(Level.Unknown);
  }

  @Test
  void aDatabaseThatIsComingUpHoldsWhatIsReadFromIt() {
    world.up("db").up("agents").decide();
    var starting = new Reading.Impaired("starting up", Measurements.NONE, true);
    world.after(SOON).reads("agents", stuck());
    world.after(SOON).reads("db", starting).decide();
    assertThat(world.status.state().incidents()).hasSize(1);
  }

  @Test
  void whatIsDeclaredToDependOnItIsHeldAsEver() {
    var declared =
        ATarget.of("agents", new AgentsTarget("db", null, null, null, null, null, null, null, null))
            .dependsOn(List.of("db"))
            .build();
    var other = new World(target("db"), declared);
    other.up("db").up("agents").decide();
    other.after(SOON).reads("agents", stuck());
    other.after(SOON).reads("db", crowded()).decide();
    assertThat(other.status.state().incidents()).hasSize(1);
  }

  private static Reading unreachable() {
    return new Reading.Unknown("database db cannot be asked: timed out");
  }

  private static Reading stuck() {
    return new Reading.Impaired("3 work orders", Measurements.NONE, false);
  }

  private static Reading crowded() {
    return new Reading.Impaired("many connections", Measurements.NONE, false);
  }
}
