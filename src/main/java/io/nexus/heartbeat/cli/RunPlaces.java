package io.nexus.heartbeat.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code run} takes on a host for itself, and {@code doctor} tries. */
final class RunPlaces {
  static final String LISTEN = "--listen";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where state is kept, locked: two never act at once. Default: $STATE_DIRECTORY, as systemd"
              + " sets it, else $XDG_STATE_HOME/heartbeat, else ~/.local/state/heartbeat.")
  private @Nullable Path state;

  @Option(
      names = LISTEN,
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      description = "Health and metrics; default ${DEFAULT-VALUE}.")
  private String listen = "127.0.0.1:8080";

  /**
   * @throws Failure it is none
   */
  InetSocketAddress address() {
    return Addresses.parse(listen, LISTEN);
  }

  Path directory() {
    return state == null ? StatePath.of(System.getenv()) : state;
  }
}
