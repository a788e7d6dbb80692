package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.GpuTarget;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.OllamaTarget;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PrometheusTarget;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.TokenBudgetTarget;

/** From what is declared to what is run: the one place that knows all kinds. */
public final class Checks {
  private Checks() {}

  /**
   * @param spec of the monitor, in which targets may refer to each other
   */
  public static Check of(Target target, MonitorSpec spec, Surroundings surroundings) {
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
      case DiskTarget disk -> DiskCheck.of(disk, surroundings);
      case GpuTarget gpu -> GpuCheck.of(gpu, surroundings);
      case TcpTarget tcp -> new TcpCheck(tcp.host(), tcp.port(), surroundings.dialer());
    };
  }
}
