package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.DnsTarget;
import io.nexus.heartbeat.api.GrpcTarget;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.OllamaTarget;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PrometheusTarget;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.TlsTarget;
import io.nexus.heartbeat.api.WebSocketTarget;

/** From what is declared to what is run: the one place that knows all kinds. */
public final class Checks {
  private Checks() {}

  public static Check of(Target target, Surroundings surroundings) {
    return switch (target.kind()) {
      case HttpTarget http -> HttpCheck.of(http, surroundings);
      case RedisTarget redis -> RedisCheck.of(redis, surroundings);
      case PostgresTarget postgres -> PostgresCheck.of(postgres, surroundings);
      case OllamaTarget ollama -> OllamaCheck.of(ollama, surroundings);
      case PrometheusTarget prometheus -> PrometheusCheck.of(prometheus, surroundings);
      case WebSocketTarget webSocket -> WebSocketCheck.of(webSocket, surroundings);
      case TlsTarget tls -> TlsCheck.of(tls, surroundings);
      case DnsTarget dns -> DnsCheck.of(dns, surroundings);
      case GrpcTarget grpc -> GrpcCheck.of(grpc, surroundings);
      case TcpTarget tcp -> new TcpCheck(tcp.host(), tcp.port(), surroundings.dialer());
    };
  }
}
