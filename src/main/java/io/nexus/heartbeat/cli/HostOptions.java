package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.standalone.FileSecrets;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What {@code run} and {@code check} have in common: which monitors, and where Secrets are. */
final class HostOptions {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Monitors, in YAML or JSON; - is the standard input. Repeatable.")
  private List<Path> files = List.of();

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description =
          "Where Secrets are: DIR/<name>/<key> for a secretKeyRef. systemd's credentials"
              + " (<name>.<key>) are read too.")
  private @Nullable Path secrets;

  @Option(names = "--once", description = "Look once and exit; check always does.")
  boolean once;

  @ArgGroup(
      exclusive = false,
      heading =
          "%nWithout -f the NEXUS monitor is watched, as the options of the Python watchdog say it:%n")
  private @Nullable NexusArguments nexus;

  /** What is watched, and with which Secrets. */
  record Chosen(MonitorSource source, FileSecrets secrets) {}

  /** Prints the monitor of the options, where that is what is wanted. */
  boolean hasPrinted(CommandLine line) {
    var options = nexus;
    if (options == null || !options.printMonitor) {
      return false;
    }
    var built = arguments().build(System.getenv(), line.getErr(), new Mask());
    line.getOut().print(built.monitor().yaml());
    line.getOut().flush();
    return true;
  }

  /**
   * The files, or the NEXUS monitor where there is none.
   *
   * @throws Failure the options make no monitor
   */
  Chosen choose(PrintWriter err, Mask mask) {
    if (files.isEmpty()) {
      var built = arguments().build(System.getenv(), err, mask);
      return new Chosen(
          new MonitorSource(built.monitor().monitor()), secretFiles(built.environment(), err));
    }
    var _ = arguments();
    return new Chosen(new MonitorSource(files), secretFiles(System.getenv(), err));
  }

  /** Of the Python watchdog, also those that were not given; none where files say it all. */
  NexusArguments arguments() {
    if (nexus != null && !files.isEmpty()) {
      throw new Failure(
          ExitCode.USAGE,
          "-f says what is watched; the options of the Python watchdog are for when there is no -f");
    }
    return nexus == null ? new NexusArguments() : nexus;
  }

  boolean hasFiles() {
    return !files.isEmpty();
  }

  private FileSecrets secretFiles(Map<String, String> environment, PrintWriter err) {
    if (secrets != null && !Files.isDirectory(secrets)) { // not a mistake where none is needed yet
      err.println("heartbeat: --secrets: there is no directory " + secrets);
    }
    var credentials = System.getenv("CREDENTIALS_DIRECTORY");
    return new FileSecrets(secrets, credentials == null ? null : Path.of(credentials), environment);
  }
}
