package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "crd",
    mixinStandardHelpOptions = true,
    description = "Prints the CustomResourceDefinition, for: heartbeat crd | kubectl apply -f -")
final class CrdCommand implements Callable<Integer> {
  static final String RESOURCE = "/crds/heartbeatmonitors.heartbeat.nexus.io-v1.yml";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().getOut().print(text());
    spec.commandLine().getOut().flush();
    return 0;
  }

  static String text() {
    try (var in = HeartbeatMonitor.class.getResourceAsStream(RESOURCE)) {
      return new String(
          Objects.requireNonNull(in, "the jar carries its CRD").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the jar cannot be read", e);
    }
  }
}
