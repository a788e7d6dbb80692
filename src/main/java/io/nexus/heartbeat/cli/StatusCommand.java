package io.nexus.heartbeat.cli;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how monitors are: open incidents, what repair does or waits for, what is paused; with the"
          + " command for what a person may do about it.",
      "Exit code: 0 it could be shown, whatever it shows; 64 wrong usage, 69 no such place.%n"
    })
final class StatusCommand implements Callable<Integer> {
  @Mixin private final DeskOptions place = new DeskOptions();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "The monitors of every namespace; on a host they are all shown.")
  private boolean everywhere;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Format format = Format.table;

  @Parameters(
      arity = "0..1",
      paramLabel = "MONITOR",
      description = "One monitor: NAME, or NAMESPACE/NAME; default: all.")
  private @Nullable String monitor;

  @Spec private @Nullable CommandSpec spec;

  /** How it is written. */
  enum Format {
    table,
    json,
    yaml
  }

  @Override
  public Integer call() {
    var line = Objects.requireNonNull(spec).commandLine();
    try (var desk = place.open(everywhere)) {
      var monitors = monitor == null ? desk.monitors() : List.of(DeskOptions.find(desk, monitor));
      desk.asleep()
          .ifPresent(
              why -> line.getErr().println("heartbeat: " + why + "; this is what was last known"));
      var seen = monitors.stream().map(MonitorSummary::of).sorted(MonitorSummary.WORST_FIRST);
      var report = new StatusReport(seen.toList(), desk.again(), Instant.now());
      line.getOut()
          .print(
              switch (format) {
                case table -> report.text(line.getColorScheme().ansi());
                case json, yaml -> report.data(format);
              });
      line.getOut().flush();
      return 0;
    }
  }
}
