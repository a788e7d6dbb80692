package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.standalone.OneCheck;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Looks once at every target and touches nothing.",
      "Exit code 0: healthy; 1: degraded; 2: critical; 3: unknown; 64: usage; 78: the file is wrong."
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin private final HostOptions host = new HostOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private CheckReport.Format format = CheckReport.Format.table;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var line = Objects.requireNonNull(spec).commandLine();
    var monitors = MonitorFiles.read(host.files, line.getErr());
    try (var deadlines = new Deadlines();
        var clients = Clients.create()) {
      var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
      var surroundings = new Surroundings(dialer, host.secretFiles(), Endpoints.NONE, clients);
      var findings = new OneCheck(surroundings, deadlines, InstantSource.system()).of(monitors);
      CheckReport.of(findings, format, line);
      return ExitCode.of(OneCheck.levelOf(findings));
    }
  }
}
