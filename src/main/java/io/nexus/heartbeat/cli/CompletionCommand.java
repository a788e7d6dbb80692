package io.nexus.heartbeat.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the completion of commands and options for bash, and for zsh after bashcompinit.",
      "For this shell: source <(heartbeat completion)"
    })
final class CompletionCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    var line = Objects.requireNonNull(spec).commandLine();
    line.getOut().print(AutoComplete.bash("heartbeat", Main.commandLine()));
    line.getOut().flush();
  }
}
