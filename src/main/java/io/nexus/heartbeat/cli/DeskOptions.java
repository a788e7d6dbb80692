package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.NearestName;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.operator.ApiServer;
import io.nexus.heartbeat.operator.CannotStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which monitors a command speaks of: those of a cluster, or of {@code run} on a host. */
final class DeskOptions {
  private static final String DEFAULT_NAMESPACE = "default";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "The monitor's namespace; default: the context's, on a host 'default'.")
  private @Nullable String namespace;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "In the cluster of this kubectl context; default: the current one.")
  private @Nullable String context;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "On a host: the state directory of its 'heartbeat run'. Default where no cluster is named:"
              + " the one that 'run' would use.")
  private @Nullable Path state;

  Desk open() {
    return open(false);
  }

  /**
   * @param everywhere all namespaces
   * @throws Failure neither a cluster nor a host is to be seen
   */
  Desk open(boolean everywhere) {
    if (state != null && context != null) {
      throw new Failure(ExitCode.USAGE, "--state is a host, --context a cluster; which?");
    }
    if (state != null) {
      return host(state, " --state " + state);
    }
    var usual = StatePath.of(System.getenv());
    if (context == null && !ApiServer.isNamed() && Files.isDirectory(usual)) {
      return host(usual, "");
    }
    try {
      var client = ApiServer.connect(Main.version(), context);
      var own = Objects.requireNonNullElse(client.getNamespace(), DEFAULT_NAMESPACE);
      var chosen = Objects.requireNonNullElse(namespace, own);
      return new ClusterDesk(
          client,
          chosen,
          everywhere ? null : chosen,
          context == null ? "" : " --context " + context);
    } catch (CannotStart e) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          e.getMessage() + ". On a host: --state DIR, the state directory of 'heartbeat run'");
    }
  }

  private Desk host(Path directory, String again) {
    return new HostDesk(directory, Objects.requireNonNullElse(namespace, DEFAULT_NAMESPACE), again);
  }

  /**
   * The monitor of that name, which may be {@code namespace/name}.
   *
   * @throws Failure there is none
   */
  static HeartbeatMonitor find(Desk desk, String written) {
    var slash = written.indexOf('/');
    var key =
        slash < 0
            ? new MonitorKey(desk.namespace(), written)
            : new MonitorKey(written.substring(0, slash), written.substring(slash + 1));
    return desk.monitor(key).orElseThrow(() -> new Failure(ExitCode.USAGE, missing(desk, key)));
  }

  private static String missing(Desk desk, MonitorKey key) {
    var known =
        desk.monitors().stream()
            .map(MonitorKey::of)
            .map(k -> k.namespace().equals(key.namespace()) ? k.name() : k.toString())
            .toList();
    return NearestName.unknown(
        key.name(),
        "there is no monitor '%s' in namespace %s".formatted(key.name(), key.namespace()),
        known);
  }
}
