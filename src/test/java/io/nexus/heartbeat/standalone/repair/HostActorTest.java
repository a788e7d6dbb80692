package io.nexus.heartbeat.standalone.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Command;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A script stands in for systemctl, for there is no systemd where tests run; with a real one it is
 * tried by packaging/test-systemd. All other processes are real.
 */
@Timeout(120)
class HostActorTest {
  private static final MonitorRef MONITOR = new MonitorRef("default", "nexus", "uid");
  private static final Action UNIT = new SystemdRestart("gateway");
  private static final String RUNS =
      "Type=simple\nMainPID=1\nLoadState=loaded\nActiveState=active\nSubState=running\n";

  @TempDir private Path directory;
  private Path state;
  private HostActor actor;

  @BeforeEach
  void start() throws IOException {
    state = Files.createDirectory(directory.resolve("state"));
    program(
        "systemctl",
        """
        d=$(dirname "$0"); shift 3
        case $1 in
          show) cat "$d/shown" ;;
          list-unit-files) cat "$d/units" ;;
          restart) echo "$@" >> "$d/calls"; [ ! -f "$d/on-restart" ] || . "$d/on-restart" ;;
        esac
        """);
    shown(RUNS + "InvocationID=one");
    write("units", "nexus.service enabled enabled\ngateways.service disabled enabled\n");
    actor = actor();
  }

  @AfterEach
  void stop() {
    actor.close();
  }

  @Test
  void aUnitIsRestartedOnceHoweverOftenItIsAsked() throws Exception {
    var plan = plan(UNIT, "a1", 1);
    for (var i = 0; i < 3; i++) {
      assertThat(perform(UNIT, plan)).isEqualTo(new Outcome.Done());
    }
    untilOver(UNIT, plan);
    assertThat(perform(UNIT, plan)).isEqualTo(new Outcome.Done());
    assertThat(lines("calls")).containsExactly("restart -- gateway.service");
    var found = found(UNIT, plan);
    assertThat(found.lastAction()).isEqualTo("a1");
    assertThat(found.sequence()).isEqualTo(1);
    assertThat(found.effect())
        .isEqualTo(new Effect.Complete("gateway.service is active (running)"));
  }

  @Test
  void noTurnWaitsForARestartAndTwoAreNotAtOnce() throws Exception {
    write("on-restart", "until [ -f $d/go ]; do sleep 0.05; done");
    var plan = plan(UNIT, "a1", 1);
    assertThat(perform(UNIT, plan)).isEqualTo(new Outcome.Done());
    assertThat(found(UNIT, plan).effect()).isInstanceOf(Effect.Underway.class);
    assertThat(found(UNIT, null).obstacle().gate()).isEqualTo("already in repair");
    assertThat(perform(UNIT, plan(UNIT, "a2", 2)))
        .isEqualTo(
            new Outcome.Refused(
                "already in repair: 'restart gateway.service' is under way, for web of"
                    + " default/nexus"));
    write("go", "");
    untilOver(UNIT, plan);
    assertThat(perform(UNIT, plan(UNIT, "a3", 2))).isEqualTo(new Outcome.Done());
  }

  @Test
  void afterACrashWhatWasBegunIsNotBegunAgain() throws Exception {
    var plan = plan(UNIT, "a1", 1);
    new Journal(state, new ObjectMapper())
        .add(Entry.begun(MONITOR, due(UNIT, plan), "one", Instant.now()));
    actor = actor();
    assertThat(perform(UNIT, plan)).isEqualTo(new Outcome.Done());
    assertThat(actor.callOff(MONITOR, plan)).isEqualTo(new Outcome.Done());
    assertThat(directory.resolve("calls")).doesNotExist();
    assertThat(found(UNIT, plan).effect())
        .isEqualTo(
            new Effect.Complete(
                "gateway.service is active (running); Heartbeat ended before systemctl did; it was"
                    + " not seen to start anew"));
  }

  @Test
  void whatWasCalledOffIsNeverDoneNorWhatIsOlder() throws Exception {
    assertThat(actor.callOff(MONITOR, plan(UNIT, "a2", 2)))
        .isEqualTo(new Outcome.Refused("called off"));
    actor = actor();
    for (var late : List.of(plan(UNIT, "a1", 1), plan(UNIT, "a2", 2))) {
      assertThat(perform(UNIT, late)).isInstanceOf(Outcome.Refused.class);
    }
    assertThat(directory.resolve("calls")).doesNotExist();
    assertThat(found(UNIT, null).sequence()).isEqualTo(2);
    assertThat(found(UNIT, null).lastAction()).isNull();
    assertThat(perform(UNIT, plan(UNIT, "a3", 3))).isEqualTo(new Outcome.Done());
  }

  @Test
  void whatIsNotPlannedForItOrTooLateIsRefused() throws Exception {
    var other = new SystemdRestart("other");
    assertThat(perform(UNIT, plan(other, "a1", 1))).isInstanceOf(Outcome.Refused.class);
    var late =
        new Plan(
            "a1", 1, UNIT.words(), UNIT.subject(), "", Instant.EPOCH, Instant.EPOCH, List.of(), "");
    assertThat(perform(UNIT, late))
        .isEqualTo(new Outcome.Refused("the plan's time was over at 1970-01-01T00:00:00Z"));
    assertThat(directory.resolve("calls")).doesNotExist();
  }

  @Test
  void whatIsInTheWayIsSeenAtTheMomentThatCounts() throws Exception {
    shown(RUNS.replace("active\n", "inactive\n"));
    assertThat(perform(UNIT, plan(UNIT, "a1", 1)))
        .asString()
        .contains("stopped: gateway.service was not stopped by a failure");
    shown("LoadState=not-found\nActiveState=inactive\nSubState=dead\n");
    assertThat(found(UNIT, null).obstacle())
        .isEqualTo(
            Facts.Obstacle.lasting(
                "not found", "there is no unit gateway.service; did you mean gateways.service?"));
    assertThat(directory.resolve("calls")).doesNotExist();
  }

  @Test
  void whyARestartIsRefusedIsSaidAndHowToAllowIt() throws Exception {
    write(
        "on-restart",
        """
        echo 'Failed to restart gateway.service: Interactive authentication required.' >&2
        echo "See system logs and 'systemctl status gateway.service' for details." >&2
        exit 4
        """);
    var plan = plan(UNIT, "a1", 1);
    perform(UNIT, plan);
    untilOver(UNIT, plan);
    assertThat(found(UNIT, plan).effect())
        .isEqualTo(
            new Effect.Failed(
                "gateway.service: Interactive authentication required. To allow it: name"
                    + " gateway.service in heartbeat.rules and put that into"
                    + " /etc/polkit-1/rules.d/ (docs/recovery-host.md)"));
  }

  @Test
  void whereSystemdCannotBeAskedNothingIsDone() throws Exception {
    program("systemctl", "echo 'System has not been booted with systemd.' >&2; exit 1");
    assertThat(actor.look(MONITOR, new Look(UNIT, null, List.of())))
        .isEqualTo(
            new Facts.Unreadable(
                "gateway.service: systemctl says: System has not been booted with systemd."));
    assertThat(perform(UNIT, plan(UNIT, "a1", 1))).isInstanceOf(Outcome.Failed.class);
    Files.delete(directory.resolve("systemctl"));
    assertThat(actor.look(MONITOR, new Look(UNIT, null, List.of())).toString())
        .contains("no systemctl");
  }

  @Test
  void withAJournalThatCannotBeReadNothingIsDone() throws Exception {
    Files.writeString(state.resolve(Journal.FILE), "{\"acts\": [{\"id\": 1");
    actor = actor();
    assertThat(actor.look(MONITOR, new Look(UNIT, null, List.of())).toString())
        .contains(Journal.FILE + " is not what heartbeat wrote")
        .contains("Nothing is done until it is moved away");
    var plan = plan(UNIT, "a1", 1);
    assertThat(perform(UNIT, plan)).isInstanceOf(Outcome.Failed.class);
    assertThat(actor.callOff(MONITOR, plan)).isInstanceOf(Outcome.Failed.class);
    assertThat(directory.resolve("calls")).doesNotExist();
  }

  @Test
  void aCommandIsToldWhatForAndNothingMore() throws Exception {
    var action = command(Duration.ofSeconds(30), "env > $d/environment; pwd > $d/where; echo done");
    var plan = plan(action, "a1", 1);
    assertThat(perform(action, plan)).isEqualTo(new Outcome.Done());
    untilOver(action, plan);
    assertThat(found(action, plan).effect()).isEqualTo(new Effect.Complete("ended well: done"));
    assertThat(lines("where")).containsExactly("/");
    assertThat(lines("environment"))
        .contains(
            "HEARTBEAT_MONITOR=default/nexus",
            "HEARTBEAT_TARGET=web",
            "HEARTBEAT_LEVEL=Critical",
            "HEARTBEAT_ACTION_ID=a1")
        .allMatch(
            line ->
                line.matches(
                    "(PATH|LD_LIBRARY_PATH|HOME|TZ|LC_ALL|PWD|SHLVL|OLDPWD|_|HEARTBEAT_.*)=.*"));
  }

  @Test
  void aCommandThatFailsSaysItsLastWordsWithoutSecrets() throws Exception {
    var action =
        command(
            Duration.ofSeconds(30),
            "yes talk | head -n 100000; echo password hunter22 >&2; exit 3");
    var plan = plan(action, "a1", 1);
    perform(action, plan);
    untilOver(action, plan);
    assertThat(found(action, plan).effect())
        .isEqualTo(new Effect.Failed("ended with exit code 3: password ***"));
    var journal = Files.readString(state.resolve(Journal.FILE));
    assertThat(journal).contains("\"exitCode\" : 3").doesNotContain("hunter22");
    assertThat(journal.length()).isLessThan(2000);
  }

  @Test
  void aCommandEndsWithItsTime() throws Exception {
    var action = command(Duration.ofSeconds(2), "echo begun; sleep 300 & sleep 300");
    var plan = plan(action, "a1", 1);
    perform(action, plan);
    untilOver(action, plan);
    assertThat(found(action, plan).effect())
        .isEqualTo(new Effect.Failed("timed out after 2 s: begun"));
  }

  @Test
  void aCommandThatIsNotThereIsPassedBy() throws Exception {
    var action = new Command(List.of("/no/such/mend"), null);
    assertThat(found(action, null).obstacle())
        .isEqualTo(
            Facts.Obstacle.lasting("not found", "/no/such/mend is not there, or is no program"));
  }

  @Test
  void whatRunsWhenHeartbeatStopsIsEndedAndThatIsKnown() throws Exception {
    var action =
        command(Duration.ofMinutes(5), "echo $$ > $d/pid.new; mv $d/pid.new $d/pid; sleep 300");
    var plan = plan(action, "a1", 1);
    perform(action, plan);
    await().until(() -> Files.exists(directory.resolve("pid")));
    actor.close();
    var pid = Long.parseLong(lines("pid").getFirst());
    await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    actor = actor();
    assertThat(perform(action, plan)).isEqualTo(new Outcome.Done());
    assertThat(found(action, plan).effect())
        .isEqualTo(new Effect.Failed("was ended, for Heartbeat was stopped"));
  }

  @Test
  void whatOutlivedACrashIsWaitedForAndHoldsOthersBack() throws Exception {
    var action = command(Duration.ofMinutes(5), "sleep 300");
    var plan = plan(action, "a1", 1);
    var orphan = new ProcessBuilder("sleep", "300").start();
    try {
      var journal = new Journal(state, new ObjectMapper());
      journal.add(Entry.begun(MONITOR, due(action, plan), "", Instant.now()));
      journal.update("a1", it -> it.runs(orphan.toHandle()));
      actor = actor();
      assertThat(found(action, plan).effect())
          .isEqualTo(new Effect.Underway("it still runs, as process " + orphan.pid()));
      assertThat(perform(action, plan(action, "a2", 2))).isInstanceOf(Outcome.Refused.class);
    } finally {
      orphan.destroyForcibly().waitFor();
    }
    assertThat(found(action, plan).effect())
        .isEqualTo(
            new Effect.Complete(
                "whether it came to its end is not known, for Heartbeat ended before; it is not run"
                    + " again"));
    assertThat(perform(action, plan(action, "a2", 2))).isEqualTo(new Outcome.Done());
  }

  private Action command(Duration timeout, String script) throws IOException {
    program("mend", "d=$(dirname \"$0\")\n" + script);
    return new Command(List.of(directory.resolve("mend").toString()), timeout);
  }

  private HostActor actor() {
    return new HostActor(
        Actor.NONE,
        state,
        new ObjectMapper(),
        text -> text.replace("hunter22", "***"),
        InstantSource.system(),
        directory.toString());
  }

  private static Plan plan(Action action, String id, long sequence) {
    var now = Instant.now();
    return new Plan(
        id,
        sequence,
        action.words(),
        action.subject(),
        "",
        now,
        now.plus(Duration.ofMinutes(2)),
        List.of(),
        "");
  }

  private static Due due(Action action, Plan plan) {
    return new Due(plan, action, new Due.Occasion("web", Level.Critical, "down"));
  }

  private Outcome perform(Action action, Plan plan) throws InterruptedException {
    return actor.perform(MONITOR, due(action, plan));
  }

  private Facts.Found found(Action action, Plan plan) {
    return (Facts.Found) actor.look(MONITOR, new Look(action, plan, List.of()));
  }

  private void untilOver(Action action, Plan plan) {
    ThrowingRunnable over =
        () -> assertThat(found(action, plan).effect()).isNotInstanceOf(Effect.Underway.class);
    await().atMost(Duration.ofSeconds(60)).untilAsserted(over);
  }

  private void shown(String text) throws IOException {
    write("shown", text);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void program(String name, String script) throws IOException {
    var program = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(directory.resolve(name));
  }
}
