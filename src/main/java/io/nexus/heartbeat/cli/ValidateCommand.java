package io.nexus.heartbeat.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Says everything that is wrong with monitors in files, with line and column: the API server's"
          + " rules, and what it cannot find, such as dependency cycles.",
      "Exit code 0: nothing is wrong; 78: something is."
    })
final class ValidateCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "YAML or JSON; - is the standard input. Repeatable.")
  private List<Path> files = List.of();

  @Option(
      names = "--for",
      paramLabel = "PLACE",
      description =
          "${COMPLETION-CANDIDATES}: what does nothing there is a mistake. By default what is for a"
              + " host only is named.")
  private MonitorFiles.@Nullable Place place;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    var line = Objects.requireNonNull(spec).commandLine();
    for (var monitor : MonitorFiles.read(files, place).orFail(line.getErr())) {
      var targets = monitor.getSpec().targets().size();
      line.getOut()
          .println(
              "%s: valid, %d %s"
                  .formatted(
                      monitor.getMetadata().getName(),
                      targets,
                      targets == 1 ? "target" : "targets"));
    }
    return 0;
  }
}
