package io.nexus.heartbeat.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.cli.Main;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.posix.IgnoredSignals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code heartbeat demo} as a process of its own: what the shell is told, and what stays. */
@WithApiServer // where this machine cannot run one, the demo cannot either
@Timeout(300)
class DemoProcessIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path directory;

  private final ApiServer server;
  private Process demo;
  private Path out;
  private Path temporary;
  private List<ProcessHandle> children = List.of();

  DemoProcessIT(ApiServer server) {
    this.server = server;
  }

  @AfterEach
  void end() {
    if (demo != null && demo.isAlive()) {
      demo.destroy();
    }
  }

  @Test
  void withAClusterOfItsOwnEveryStepIsSeenAndItEndsWithZero() throws Exception {
    start("demo", "--exit");
    assertThat(exitCode()).as(said()).isZero();
    assertThat(said()).contains("1/6", "6/6", "The whole story was seen").doesNotContain("✗");
    nothingIsLeft();
  }

  @Test
  void aStepThatWasNotSeenEndsWithOneAndItsName() throws Exception {
    start("demo", "--standalone", "--exit", "--patience", "1ms");
    assertThat(exitCode()).as(said()).isEqualTo(1);
    assertThat(said()).contains("✗ Step 1/6 was not seen: all 3 targets are healthy");
    nothingRuns();
  }

  /** While the neighbours start, in the story, and after it. */
  @ParameterizedTest
  @ValueSource(strings = {"Starting a gateway", "2/6", "It goes on running"})
  void ctrlCEndsItAndLeavesNothing(String when) throws Exception {
    start("demo", "--standalone");
    interruptAfter(when);
    assertThat(exitCode()).as(said()).isEqualTo(130);
    assertThat(said()).contains("Stopping").doesNotContain("✗", "\tat ", "bug");
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bringing up", "1/6"})
  void ctrlCTakesTheClusterDownToo(String when) throws Exception {
    start("demo");
    interruptAfter(when);
    assertThat(exitCode()).as(said()).isEqualTo(130);
    assertThat(said()).contains("Stopping").doesNotContain("✗", "\tat ", "bug");
    nothingIsLeft();
  }

  @Test
  void inAClusterOfTheUsersItIsAskedFirst() throws Exception {
    start("demo", "--exit", "--context", "hb");
    assertThat(exitCode()).isEqualTo(64);
    assertThat(said()).contains("--yes");
  }

  @Test
  void aContextThatIsNotThereIsNotReplacedByTheCurrentOne() throws Exception {
    start("demo", "--exit", "--context", "nope", "--yes");
    assertThat(exitCode()).isEqualTo(69);
    assertThat(said()).contains("there is no context 'nope' in your kubeconfig; it has ");
  }

  private void start(String... args) throws IOException {
    temporary = Files.createDirectory(directory.resolve("tmp"));
    out = directory.resolve("out.txt");
    var command =
        Stream.concat(
                Stream.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Djava.io.tmpdir=" + temporary,
                    "-Dheartbeat.home=" + Path.of("").toAbsolutePath(),
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    Main.class.getName()),
                Stream.of(args))
            .toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", server.kubeconfig().toString());
    demo = builder.redirectOutput(out.toFile()).start();
  }

  private void interruptAfter(String words) throws IOException {
    IgnoredSignals.assumeHeard(IgnoredSignals.INT);
    await().atMost(PATIENCE).until(() -> said().contains(words) || !demo.isAlive());
    children = demo.descendants().toList();
    var kill = new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start();
    assertThat(kill.onExit().join().exitValue()).isZero();
  }

  private int exitCode() throws InterruptedException {
    assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("has ended").isTrue();
    return demo.exitValue();
  }

  private String said() throws IOException {
    return Files.readString(out, UTF_8);
  }

  private void nothingIsLeft() throws IOException {
    nothingRuns();
    try (var files = Files.list(temporary)) {
      assertThat(files)
          .filteredOn(f -> f.getFileName().toString().startsWith("heartbeat-"))
          .isEmpty();
    }
  }

  /** Neither what was there when it was interrupted, nor what its data or its cluster betrays. */
  private void nothingRuns() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(running()).as("what still runs").isEmpty());
  }

  private List<String> running() {
    var traces = List.of(temporary.toString(), "/state/demo-" + demo.pid() + "/");
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(p -> children.contains(p) || traces.stream().anyMatch(line(p)::contains))
        .map(p -> p.pid() + " " + line(p))
        .toList();
  }

  private static String line(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
