package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A disk that is cleaned at Degraded, and again, harder, at Critical. */
class TwoRungsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Reading FULL = new Reading.Down("96% full", Measurements.NONE);
  private static final Reading FILLING = new Reading.Impaired("86% full", Measurements.NONE, false);
  private static final WorkloadRef HARDER = new WorkloadRef(WorkloadRef.Kind.Deployment, "harder");

  private final World world =
      new World(
          target(
              "disk",
              ARung.restarting(World.GATEWAY)
                  .at(Level.Degraded)
                  .verified(2, Duration.ofMinutes(30))
                  .build(),
              ARung.restarting(HARDER).build()));

  TwoRungsTest() {
    world.recovery = new Recovery(null, null, Duration.ofSeconds(1), 3, null);
    world.facts.put(HARDER.subject(), World.steady(0, null));
    world.up("disk").decide();
  }

  @Test
  void whatTurnsCriticalIsNotKeptWaitingByTheProofOfWhatWasDoneAtDegraded() {
    verifyingAt(FILLING);
    world.after(SOON).reads("disk", FULL).decide();
    world.after(SOON).reads("disk", FULL).decide();
    assertThat(world.repair().rung()).isEqualTo(1);
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Planned);
    assertThat(world.repair().plan().subject()).isEqualTo(HARDER.subject());
  }

  @Test
  void whatStaysDegradedIsGivenItsTime() {
    verifyingAt(FILLING);
    world.after(SOON).reads("disk", FILLING).decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Verifying);
  }

  @Test
  void whatWasCriticalFromTheBeginningIsGivenItsTimeToo() {
    verifyingAt(FULL);
    world.after(SOON).reads("disk", FULL).decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Verifying);
  }

  @Test
  void theHarderRungWaitsForCritical() {
    verifyingAt(FILLING);
    world.after(Duration.ofMinutes(31)).reads("disk", FILLING).decide();
    world.after(SOON).reads("disk", FILLING).decide();
    assertThat(world.repair().message()).isEqualTo("for Critical");
    world.after(SOON).reads("disk", FULL).decide();
    assertThat(world.repair().plan().subject()).isEqualTo(HARDER.subject());
  }

  private void verifyingAt(Reading reading) {
    world.after(SOON).reads("disk", reading).decide();
    world.acts(Decision.of(world.situation(Map.of()))).after(SOON).decide();
    world.rolledOut().after(SOON).decide();
    assertThat(world.repair().phase()).isEqualTo(RepairPhase.Verifying);
  }
}
