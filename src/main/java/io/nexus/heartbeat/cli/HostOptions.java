package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.standalone.FileSecrets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code run} and {@code check} have in common. */
final class HostOptions {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "Monitors, in YAML or JSON; - is the standard input. Repeatable.")
  List<Path> files = List.of();

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description =
          "Where Secrets are: DIR/<name>/<key> for a secretKeyRef. systemd's credentials"
              + " (<name>.<key>) are read too.")
  @Nullable Path secrets;

  FileSecrets secretFiles() {
    var credentials = System.getenv("CREDENTIALS_DIRECTORY");
    return new FileSecrets(secrets, credentials == null ? null : Path.of(credentials));
  }
}
