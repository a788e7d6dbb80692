package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.Crd;
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
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().getOut().print(Crd.text());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
