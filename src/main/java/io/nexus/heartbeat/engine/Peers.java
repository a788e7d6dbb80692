package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.DnsTarget;
import io.nexus.heartbeat.api.GpuTarget;
import io.nexus.heartbeat.api.GrpcTarget;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.OllamaTarget;
import io.nexus.heartbeat.api.PluginTarget;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PrometheusTarget;
import io.nexus.heartbeat.api.PushTarget;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.TlsTarget;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.api.WebSocketTarget;
import io.nexus.heartbeat.api.WorkloadTarget;
import io.nexus.heartbeat.decide.SelfDoubt.Failing;
import io.nexus.heartbeat.engine.Schedule.Watch;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where, across the network, targets are. */
final class Peers {
  private static final Pattern HOST = Pattern.compile("^[a-z0-9+.-]+://(?:[^/@]*@)?([^/?#]*)");

  private Peers() {}

  /** Of all monitors: what was last seen to be down, or could not be told, over the network. */
  static List<Failing> failing(Collection<Watch> watches) {
    return watches.stream()
        .flatMap(
            watch ->
                watch.monitor().getSpec().targets().stream()
                    .filter(target -> !watch.monitor().getSpec().isSuspended(target))
                    .flatMap(target -> failing(watch, target).stream()))
        .toList();
  }

  private static Optional<Failing> failing(Watch watch, Target target) {
    var known = watch.assessments().get(target.name());
    if (known == null
        || !known.looked()
        || !(known.recent().endsWith("C") || known.recent().endsWith("U"))) {
      return Optional.empty();
    }
    return host(target)
        .map(host -> new Failing(MonitorKey.of(watch.monitor()).toString(), target.name(), host));
  }

  /** Empty: it is not reached by a network of ours. */
  static Optional<String> host(Target target) {
    return switch (target.kind()) {
      case HttpTarget http ->
          http.service() == null ? url(http.url()) : Optional.of(http.service().name());
      case RedisTarget redis -> url(redis.url());
      case PostgresTarget postgres ->
          Optional.ofNullable(postgres.host())
              .or(() -> url(postgres.url()))
              .or(() -> Optional.of("the database of " + target.name()));
      case TcpTarget tcp -> Optional.of(tcp.host());
      case OllamaTarget ollama -> url(ollama.url());
      case PrometheusTarget prometheus -> url(prometheus.url());
      case WebSocketTarget socket -> url(socket.url());
      case TlsTarget tls -> Optional.of(tls.host());
      case GpuTarget gpu -> url(gpu.url());
      case DnsTarget dns -> Optional.ofNullable(dns.server());
      case GrpcTarget grpc -> url(grpc.url());
      // Tables are in a database that is a target itself; the others are seen by somebody else.
      case AgentsTarget _,
          TokenBudgetTarget _,
          DiskTarget _,
          WorkloadTarget _,
          PushTarget _,
          PluginTarget _ ->
          Optional.empty();
    };
  }

  /** Host and port; of several, all of them as one. */
  private static Optional<String> url(@Nullable String url) {
    if (url == null) {
      return Optional.empty();
    }
    var host = HOST.matcher(url);
    return Optional.of(host.find() ? host.group(1).replaceFirst(":[0-9]+$", "") : url);
  }
}
