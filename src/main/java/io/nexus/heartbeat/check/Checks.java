package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.DnsTarget;
import io.nexus.heartbeat.api.GpuTarget;
import io.nexus.heartbeat.api.GrpcTarget;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.MonitorSpec;
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
import io.nexus.heartbeat.api.Unit;
import io.nexus.heartbeat.api.WebSocketTarget;
import io.nexus.heartbeat.api.WorkloadTarget;
import io.nexus.heartbeat.reading.Reading;
import java.util.Optional;
import java.util.stream.Stream;

/** From what is declared to what is run: the one place that knows all kinds. */
public final class Checks {
  private Checks() {}

  /**
   * @param spec of the monitor, in which targets may refer to each other
   */
  public static Check of(Target target, MonitorSpec spec, Surroundings surroundings) {
    var mistake = mistake(target);
    if (mistake.isPresent()) {
      return _ -> new Reading.Unknown("thresholds: " + mistake.get());
    }
    var check = ofKind(target, spec, surroundings);
    var when = target.when();
    return when == null
        ? check
        : ConditionedCheck.of(check, when, target.kind(), surroundings.clients().evaluations());
  }

  /** A limit that means nothing would never be reached, and nobody would know. */
  private static Optional<String> mistake(Target target) {
    var measurements = target.kind().measurements();
    var units =
        target.thresholds().stream()
            .flatMap(
                threshold ->
                    Stream.of(threshold.degraded(), threshold.critical(), threshold.clear())
                        .flatMap(
                            limit ->
                                measurements
                                    .getOrDefault(threshold.measurement(), Unit.Any)
                                    .complaint(threshold.measurement(), limit)
                                    .stream()))
            .findFirst();
    return units.or(
        () ->
            target.thresholds().stream()
                .flatMap(
                    threshold ->
                        threshold.mistake().stream()
                            .map(why -> threshold.measurement() + ": " + why))
                .findFirst());
  }

  private static Check ofKind(Target target, MonitorSpec spec, Surroundings surroundings) {
    return switch (target.kind()) {
      case HttpTarget http -> HttpCheck.of(http, surroundings);
      case RedisTarget redis -> RedisCheck.of(redis, surroundings);
      case PostgresTarget postgres -> PostgresCheck.of(postgres, surroundings);
      case AgentsTarget agents ->
          AgentsCheck.of(agents, spec.postgres(agents.database()).orElse(null), surroundings);
      case TokenBudgetTarget budget ->
          TokenBudgetCheck.of(budget, spec.postgres(budget.database()).orElse(null), surroundings);
      case OllamaTarget ollama -> OllamaCheck.of(ollama, surroundings);
      case PrometheusTarget prometheus -> PrometheusCheck.of(prometheus, surroundings);
      case WebSocketTarget webSocket -> WebSocketCheck.of(webSocket, surroundings);
      case TlsTarget tls -> TlsCheck.of(tls, surroundings);
      case DiskTarget disk -> DiskCheck.of(disk, surroundings);
      case GpuTarget gpu -> GpuCheck.of(gpu, surroundings);
      case DnsTarget dns -> DnsCheck.of(dns, surroundings);
      case GrpcTarget grpc -> GrpcCheck.of(grpc, surroundings);
      case WorkloadTarget workload -> new WorkloadCheck(workload, surroundings.workloads());
      case PushTarget push ->
          new PushCheck(target.name(), push, surroundings.secrets(), surroundings.pushes());
      case PluginTarget plugin ->
          PluginCheck.of(target.name(), plugin, spec.intervalOf(target), surroundings);
      case TcpTarget tcp -> new TcpCheck(tcp.host(), tcp.port(), surroundings.dialer());
    };
  }
}
