package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.standalone.OneCheck;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
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

  @Mixin private final LogOptions logs = new LogOptions();

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
    var mask = new Mask();
    logs.applyWhereAsked(line.getParseResult(), mask);
    if (host.hasPrinted(line)) {
      return 0;
    }
    var chosen = host.choose(line.getErr(), mask);
    if (!host.hasFiles() && host.arguments().enableTelegram) {
      line.getErr().println("heartbeat: check only looks; heartbeat run --once also tells");
    }
    var monitors = chosen.source().read().orFail(line.getErr());
    try (var deadlines = new Deadlines();
        var clients = Clients.create()) {
      var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
      var secrets = new MaskingSecrets(chosen.secrets(), mask);
      var surroundings = new Surroundings(dialer, secrets, Endpoints.NONE, clients);
      var findings =
          new OneCheck(surroundings, deadlines, InstantSource.system(), mask::apply).of(monitors);
      monitors.forEach(monitor -> sayIfBlind(monitor, findings, line.getErr()));
      CheckReport.of(findings, format, line);
      return ExitCode.of(OneCheck.levelOf(findings));
    }
  }

  /** Blind is not well: nobody should take silence for health. */
  private static void sayIfBlind(
      HeartbeatMonitor monitor, List<OneCheck.Finding> findings, PrintWriter err) {
    var name = monitor.getMetadata().getName();
    var spec = monitor.getSpec();
    if (spec.targets().stream().allMatch(spec::isSuspended)) {
      err.println("heartbeat: " + name + ": every target is suspended; nothing was looked at");
    } else if (findings.stream().noneMatch(f -> f.counts() && f.monitor().equals(name))) {
      err.println(
          "heartbeat: "
              + name
              + ": nothing that counts was found: what is not suspended is optional and not there");
    }
  }
}
