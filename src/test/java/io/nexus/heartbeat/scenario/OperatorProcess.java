package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.cli.Main;
import io.nexus.heartbeat.cluster.Fault;
import io.nexus.heartbeat.cluster.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code heartbeat operator} as a process, with the rights that we ship. */
final class OperatorProcess implements AutoCloseable {
  private final Wire wire;
  private final Process process;
  private final Path log;
  private final Fault fault;

  private OperatorProcess(Scenario scenario, Path directory, Fault fault) throws IOException {
    this.fault = fault;
    wire = Wire.silenced(scenario.server.configFor("heartbeat-system", "heartbeat"), fault);
    log = Files.createTempFile(directory, "operator-", ".log");
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "operator",
                "--namespace=" + scenario.namespace,
                "--allow-address=127.0.0.0/8",
                "--budget=1000/1h",
                "--namespace-budget=1000/1h",
                "--port=0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .put("KUBECONFIG", scenario.server.operatorKubeconfig(directory, wire.url()).toString());
    process = builder.start();
  }

  static OperatorProcess start(Scenario scenario, Path directory, Fault fault) throws IOException {
    return new OperatorProcess(scenario, directory, fault);
  }

  /** From then on it is alone with what it last wrote. */
  void awaitFault() throws InterruptedException {
    assertThat(fault.awaitDeath(Scenario.PATIENCE))
        .as(() -> "came to its fault; its log:\n" + log())
        .isTrue();
  }

  /** SIGKILL: no hook runs, no last word is said. */
  void kill() throws InterruptedException {
    assertThat(process.isAlive()).as(this::log).isTrue();
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    wire.close();
  }
}
