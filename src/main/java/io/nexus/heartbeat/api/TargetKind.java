package io.nexus.heartbeat.api;

/** The kinds of target, listed once: a switch over this is complete or does not compile. */
public sealed interface TargetKind
    permits HttpTarget,
        RedisTarget,
        PostgresTarget,
        TcpTarget,
        OllamaTarget,
        PrometheusTarget,
        WebSocketTarget,
        TlsTarget,
        DnsTarget,
        GrpcTarget {

  /** The field's name in the resource. */
  default String fieldName() {
    return switch (this) {
      case HttpTarget _ -> "http";
      case RedisTarget _ -> "redis";
      case PostgresTarget _ -> "postgres";
      case TcpTarget _ -> "tcp";
      case OllamaTarget _ -> "ollama";
      case PrometheusTarget _ -> "prometheus";
      case WebSocketTarget _ -> "webSocket";
      case TlsTarget _ -> "tls";
      case DnsTarget _ -> "dns";
      case GrpcTarget _ -> "grpc";
    };
  }
}
