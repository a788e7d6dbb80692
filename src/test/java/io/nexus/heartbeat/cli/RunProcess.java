package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, and what it wrote. */
final class RunProcess implements AutoCloseable {
  private final Process process;
  private final Path written;

  RunProcess(Path directory, Map<String, String> environment, String... args) throws IOException {
    written = Files.createTempFile(directory, "written", ".txt");
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.redirectOutput(written.toFile()).start();
  }

  String said() throws IOException {
    return Files.readString(written, UTF_8);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void signal(String name) throws IOException {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.onExit().join().exitValue()).isZero();
  }

  int exitCode(long withinSeconds) throws InterruptedException, IOException {
    assertThat(process.waitFor(withinSeconds, TimeUnit.SECONDS))
        .as("has ended: " + said())
        .isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
