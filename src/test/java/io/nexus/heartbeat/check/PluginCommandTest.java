package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.PluginTarget;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts stand in for plugins; the processes are real. */
class PluginCommandTest {
  private static final Clients CLIENTS = Clients.create();

  @TempDir private Path directory;

  @AfterAll
  static void close() {
    CLIENTS.close();
  }

  @Test
  void whatItPrintsAndItsExitCodeDecide() throws Exception {
    var script = "echo \"LOAD $1 - average: 0.5|load1=0.5;$2;3;0 load5=7\"; exit $3";
    assertThat(run(List.of("load1"), script, "OK", "2", "0"))
        .isEqualTo(
            new Reading.Up(
                Measurements.NONE.with("load1", 0.5).with("note", "LOAD OK - average: 0.5")));
    assertThat(run(List.of("load1"), script, "WARNING", "2", "1"))
        .isEqualTo(
            new Reading.Impaired(
                "LOAD WARNING - average: 0.5", Measurements.NONE.with("load1", 0.5), false));
    assertThat(run(List.of(), script, "CRITICAL", "2", "2"))
        .isEqualTo(new Reading.Down("LOAD CRITICAL - average: 0.5", Measurements.NONE));
    assertThat(run(List.of(), script, "UNKNOWN", "2", "3"))
        .isEqualTo(new Reading.Unknown("LOAD UNKNOWN - average: 0.5"));
  }

  @Test
  void itMaySpeakJsonInstead() throws Exception {
    assertThat(
            run(
                List.of("depth"),
                "echo '{\"level\": \"Degraded\", \"message\": \"slow\", \"measurements\":'\necho ' {\"depth\": 12}}'"))
        .isEqualTo(new Reading.Impaired("slow", Measurements.NONE.with("depth", 12), false));
  }

  @Test
  void itsArgumentsReachItAsTheyAreWithoutAShell() throws Exception {
    assertThat(run(List.of(), "echo \"$#:$1:$2\"", "$(id) `id` ; *", ""))
        .isEqualTo(new Reading.Up(Measurements.NONE.with("note", "2:$(id) `id` ; *:")));
  }

  /** So end a missing script of an interpreter, a mistake of syntax and a panic. */
  @Test
  void whatOnlyComplainsHasNoResultWhateverItsExitCode() throws Exception {
    assertThat(run(List.of(), "echo 'panic: no route' >&2; echo 'goroutine 1' >&2; exit 2"))
        .isEqualTo(
            new Reading.Unknown(
                "the plugin ended with exit code 2 without a result: panic: no route"));
    assertThat(run(List.of(), "if"))
        .asInstanceOf(type(Reading.Unknown.class))
        .extracting(Reading.Unknown::why)
        .asString()
        .matches("the plugin ended with exit code [12] without a result: .*[Ss]yntax error.*");
    assertThat(run(List.of(), "echo 'a warning' >&2; echo gone; exit 2"))
        .isEqualTo(new Reading.Down("gone", Measurements.NONE));
    assertThat(run(List.of(), "echo 'a warning' >&2; echo fine"))
        .isEqualTo(new Reading.Up(Measurements.NONE.with("note", "fine")));
  }

  @Test
  void anExitCodeAloneIsEnoughForSuccessOnly() throws Exception {
    assertThat(run(List.of(), "exit 0")).isEqualTo(new Reading.Up(Measurements.NONE));
    assertThat(run(List.of(), "echo 'a warning' >&2")).isEqualTo(new Reading.Up(Measurements.NONE));
    for (var code : List.of(1, 2, 3)) {
      assertThat(run(List.of(), "exit " + code))
          .isEqualTo(
              new Reading.Unknown("the plugin ended with exit code " + code + " without a result"));
    }
    assertThat(run(List.of(), "kill -SEGV $$"))
        .isEqualTo(new Reading.Unknown("the plugin ended with exit code 139 without a result"));
  }

  @Test
  void whatCannotBeRunIsUnknownAndNamed() throws Exception {
    assertThat(run(command("/no/such/check_load")))
        .isEqualTo(new Reading.Unknown("/no/such/check_load is not there, or is no program"));
    assertThat(run(command(directory.toString())))
        .isEqualTo(new Reading.Unknown(directory + " is not there, or is no program"));
    var shut = Files.writeString(directory.resolve("shut"), "#!/bin/sh\n");
    assertThat(run(command(shut.toString())))
        .isEqualTo(
            new Reading.Unknown(
                shut + " may not be executed by Heartbeat: see its mode and owner"));
    var text = plugin("broken", "");
    Files.writeString(text, "#!/no/such/interpreter\n");
    assertThat(run(command(text.toString())))
        .asInstanceOf(type(Reading.Unknown.class))
        .extracting(Reading.Unknown::why)
        .asString()
        .contains(text.toString());
  }

  @Test
  void itsChildrenEndWithItAtTheDeadline() throws Exception {
    var begun = System.nanoTime();
    // The second one's parent is gone when the deadline comes, so only their group finds it.
    var reading =
        run(
            Duration.ofSeconds(3),
            command(
                plugin(
                        "hangs",
                        "sleep 300 & echo $! $$ > $0.pids\n(sleep 301 & echo $! >> $0.pids)\nwait")
                    .toString()));
    assertThat(reading).isEqualTo(new Reading.Unknown("hangs timed out after 3 s"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertGone("hangs.pids", 3);
  }

  @Test
  void aChildThatKeepsThePipeDoesNotDelayWhatWasSaidNorOutliveIt() throws Exception {
    var begun = System.nanoTime();
    assertThat(run(List.of(), "sleep 300 & echo $! > $0.pids; echo done"))
        .isEqualTo(new Reading.Up(Measurements.NONE.with("note", "done")));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertGone("plugin.pids", 1);
  }

  /** Such as a daemon; it is left alone, and holds up nobody. */
  @Test
  void whatLeavesTheGroupAndKeepsThePipeDelaysNothing() throws Exception {
    try {
      assertThat(run(List.of(), "setsid sleep 300 & echo $! > $0.pids; sleep 0.3; echo done"))
          .isEqualTo(new Reading.Up(Measurements.NONE.with("note", "done")));
    } finally {
      pids("plugin.pids")
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
  }

  /** Java's own pipes would be drained to their end, which never comes. */
  @ParameterizedTest
  @ValueSource(strings = {"", "setsid"})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aChildThatNeverStopsTalkingHoldsUpNothing(String leaves) throws Exception {
    for (var stream : List.of("", ">&2")) {
      var begun = System.nanoTime();
      // What has left the group is ended by SIGPIPE, for nobody listens any more.
      var reading = run(List.of(), leaves + " yes " + stream + " & echo $! > $0.pids; exit 0");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      assertThat(reading).isInstanceOfAny(Reading.Up.class, Reading.Unknown.class);
      assertGone("plugin.pids", 1);
    }
  }

  @Test
  void whereNoPipeCanBeMadeThatIsSaid() throws Exception {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(20))) {
      assertThatThrownBy(() -> new Programs(Path.of("/no/such")).run(List.of("/bin/sh"), deadline))
          .isInstanceOf(Programs.Untold.class)
          .hasMessageStartingWith("sh cannot be listened to: /no/such");
    }
  }

  @Test
  void nothingOfItIsLeftBehind() throws Exception {
    var temporary = Files.createDirectory(directory.resolve("temporary"));
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(20))) {
      var said = new Programs(temporary).run(List.of("/bin/true"), deadline);
      assertThat(said.exitCode()).isZero();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec yes", "exec yes >&2", "yes & wait"})
  void endlessOutputEndsItAtOnce(String script) throws Exception {
    assertThat(run(List.of(), script))
        .isEqualTo(new Reading.Unknown("plugin says more than 64 KiB"));
  }

  @Test
  void whatIsLongButNotTooLongIsHeardToItsEnd() throws Exception {
    assertThat(run(List.of("x"), "echo first; head -c 60000 /dev/zero | tr '\\0' a; echo '|x=5'"))
        .isEqualTo(new Reading.Up(Measurements.NONE.with("x", 5).with("note", "first")));
  }

  @Test
  void ourSecretsAndOurDirectoryAreNotItsBusinessNorIsOurInput() throws Exception {
    assertThat(
            run(
                List.of(),
                "read -r line; echo \"$PWD,$line,$(env | grep -c -v -e ^PATH= -e ^LD_LIBRARY_PATH= -e ^HOME= -e ^TZ= -e ^LC_ALL=C -e ^PWD= -e ^SHLVL= -e ^_=)\""))
        .isEqualTo(new Reading.Up(Measurements.NONE.with("note", "/,,0")));
  }

  @Test
  void aCheckThatIsStoppedEndsItsProgram() throws Exception {
    var hangs = plugin("stopped", "echo $$ > $0.new; mv $0.new $0.pids; exec sleep 300").toString();
    var end = new CompletableFuture<Object>();
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    end.complete(run(Duration.ofMinutes(5), command(hangs)));
                  } catch (InterruptedException e) {
                    end.complete("ended");
                  } catch (Exception e) {
                    end.completeExceptionally(e);
                  }
                });
    await().until(() -> Files.exists(directory.resolve("stopped.pids")));
    thread.interrupt();
    assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("ended");
    assertGone("stopped.pids", 1);
  }

  @Test
  void inAClusterNothingOfThePodsIsRun() throws Exception {
    var surroundings =
        new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, CLIENTS)
            .at(new Place.Cluster("nexus"));
    assertThat(run(Duration.ofSeconds(20), command("/bin/true"), surroundings))
        .isEqualTo(
            new Reading.Unknown("command is for a host only; in a cluster name a CronJob instead"));
  }

  @Test
  void onAHostThereAreNoCronJobs() throws Exception {
    assertThat(run(new PluginTarget("orders", List.of(), List.of())))
        .isEqualTo(
            new Reading.Unknown(
                "CronJob orders: fromCronJob needs Kubernetes; use a command here"));
  }

  private void assertGone(String file, int many) throws IOException {
    var pids = pids(file);
    assertThat(pids).hasSize(many);
    for (var pid : pids) {
      await()
          .untilAsserted(
              () -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty());
    }
  }

  private List<Long> pids(String file) throws IOException {
    return Files.readString(directory.resolve(file))
        .strip()
        .transform(text -> List.of(text.split("\\s+", -1)))
        .stream()
        .map(Long::valueOf)
        .toList();
  }

  private Path plugin(String name, String script) throws IOException {
    var program = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Reading run(List<String> named, String script, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(plugin("plugin", script).toString()));
    command.addAll(List.of(arguments));
    return run(new PluginTarget(null, command, named));
  }

  private static PluginTarget command(String program) {
    return new PluginTarget(null, List.of(program), List.of());
  }

  private static Reading run(PluginTarget plugin) throws InterruptedException {
    return run(Duration.ofSeconds(20), plugin);
  }

  private static Reading run(Duration timeout, PluginTarget plugin) throws InterruptedException {
    var surroundings =
        new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, CLIENTS)
            .at(new Place.Host("default"));
    return run(timeout, plugin, surroundings);
  }

  private static Reading run(Duration timeout, PluginTarget plugin, Surroundings surroundings)
      throws InterruptedException {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return PluginCheck.of("a", plugin, Duration.ofMinutes(1), surroundings).run(deadline);
    }
  }
}
