package io.nexus.heartbeat.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "man-page",
    hidden = true, // for those who make packages
    mixinStandardHelpOptions = true,
    description = "Prints the manual page, for man(1).")
final class ManPageCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    var line = Objects.requireNonNull(spec).commandLine();
    line.getOut().print(ManPage.of(Main.commandLine(), Main.version()));
    line.getOut().flush();
  }
}
