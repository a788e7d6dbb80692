package io.nexus.heartbeat.standalone.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.standalone.repair.Entry.State;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitStateTest {
  private static final long OUR_PID = 4711;

  private static final String RUNS =
      """
      Type=simple
      MainPID=100
      Result=success
      ExecMainStatus=0
      LoadState=loaded
      ActiveState=active
      SubState=running
      InvocationID=one
      RefuseManualStart=no
      RefuseManualStop=no
      """;

  @Test
  void whatRunsOrHasFailedMayBeRestarted() {
    assertThat(state(RUNS).obstacle(OUR_PID)).isNull();
    assertThat(state(RUNS, "ActiveState=failed", "Result=exit-code").obstacle(OUR_PID)).isNull();
    assertThat(state(RUNS, "Type=oneshot", "ActiveState=inactive").obstacle(OUR_PID)).isNull();
  }

  @Test
  void whatSomebodyStoppedIsNotStarted() {
    assertThat(state(RUNS, "ActiveState=inactive", "SubState=dead").obstacle(OUR_PID))
        .isEqualTo(
            Obstacle.passing(
                "stopped",
                "gateway.service was not stopped by a failure: somebody stopped it, or it was never"
                    + " started. It is not started again: systemctl start gateway.service"));
  }

  @Test
  void whatSystemdIsAtIsWaitedFor() {
    for (var between : List.of("activating", "deactivating", "reloading", "refreshing")) {
      assertThat(state(RUNS, "ActiveState=" + between, "SubState=stop-sigterm").obstacle(OUR_PID))
          .isEqualTo(
              Obstacle.passing(
                  "being changed by somebody else",
                  "gateway.service is " + between + " (stop-sigterm)"));
    }
    assertThat(state(RUNS, "Job=17").obstacle(OUR_PID))
        .isEqualTo(
            Obstacle.passing(
                "being changed by somebody else",
                "gateway.service is active (running), with a job of systemd queued"));
  }

  @Test
  void whatCannotBeRestartedIsPassedByOrNamesItsRemedy() {
    assertThat(state(RUNS, "LoadState=masked").obstacle(OUR_PID))
        .isEqualTo(
            Obstacle.passing(
                "masked",
                "gateway.service is masked, so it must not start: systemctl unmask"
                    + " gateway.service"));
    assertThat(state(RUNS, "LoadState=bad-setting").obstacle(OUR_PID))
        .isEqualTo(
            Obstacle.lasting(
                "not loaded",
                "gateway.service cannot be loaded (bad-setting): systemctl status"
                    + " gateway.service"));
    assertThat(state(RUNS, "RefuseManualStop=yes").obstacle(OUR_PID))
        .extracting(Obstacle::gate)
        .isEqualTo("not by hand");
    assertThat(state(RUNS, "MainPID=" + OUR_PID).obstacle(OUR_PID))
        .isEqualTo(Obstacle.lasting("itself", "gateway.service is Heartbeat itself"));
  }

  @Test
  void aRestartIsCompleteWhenTheUnitIsActive() {
    assertThat(state(RUNS).effect(ended(0, "ended well")))
        .isEqualTo(new Effect.Complete("gateway.service is active (running)"));
    assertThat(state(RUNS, "ActiveState=activating", "SubState=start").effect(ended(0, "")))
        .isEqualTo(new Effect.Underway("gateway.service is activating (start)"));
    assertThat(
            state(RUNS, "ActiveState=failed", "Result=exit-code", "ExecMainStatus=203")
                .effect(ended(0, "")))
        .isEqualTo(new Effect.Failed("gateway.service failed (exit-code, status 203)"));
    assertThat(state(RUNS, "ActiveState=inactive", "SubState=dead").effect(ended(0, "")))
        .isEqualTo(
            new Effect.Failed("gateway.service is inactive (dead), though it was restarted"));
    assertThat(state(RUNS, "Type=oneshot", "ActiveState=inactive").effect(ended(0, "")))
        .isEqualTo(new Effect.Complete("gateway.service came to its end"));
  }

  @Test
  void aRestartThatWasRefusedSaysWhy() {
    assertThat(state(RUNS, "InvocationID=before").effect(ended(4, "not allowed")))
        .isEqualTo(new Effect.Failed("not allowed"));
  }

  @Test
  void ofARestartWhoseEndNobodySawTheUnitItselfTells() {
    assertThat(state(RUNS).effect(open()))
        .isEqualTo(
            new Effect.Complete(
                "gateway.service is active (running); Heartbeat ended before systemctl did; it was"
                    + " started anew"));
    assertThat(state(RUNS, "InvocationID=before").effect(open()))
        .isEqualTo(
            new Effect.Complete(
                "gateway.service is active (running); Heartbeat ended before systemctl did; it was"
                    + " not seen to start anew"));
    assertThat(state(RUNS, "ActiveState=deactivating", "SubState=stop").effect(open()))
        .isInstanceOf(Effect.Underway.class);
    assertThat(state(RUNS, "ActiveState=failed", "Result=timeout").effect(open()))
        .isEqualTo(new Effect.Failed("gateway.service failed (timeout)"));
  }

  /** Such as when a person restarted it at the same moment: systemctl says that it was canceled. */
  @Test
  void aUnitThatRunsAnewWasRestartedWhateverSystemctlSays() {
    assertThat(state(RUNS).effect(ended(1, "Job for gateway.service canceled.")))
        .isEqualTo(
            new Effect.Complete(
                "gateway.service is active (running); Job for gateway.service canceled.; it"
                    + " was started anew"));
  }

  private static UnitState state(String shown, String... others) {
    return UnitState.of("gateway.service", shown + String.join("\n", others));
  }

  private static Entry open() {
    return new Entry(
        "a1",
        new Subject("Unit", "gateway.service"),
        1,
        "default/nexus",
        "gateway",
        "restart gateway.service",
        State.Begun,
        Instant.EPOCH,
        "before",
        null,
        null,
        null,
        null,
        "",
        List.of());
  }

  private static Entry ended(int exitCode, String how) {
    return open().ended(new Work.End(exitCode, how, List.of()), Instant.EPOCH);
  }
}
