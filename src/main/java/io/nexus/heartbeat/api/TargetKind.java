package io.nexus.heartbeat.api;

/** The kinds of target, listed once: a switch over this is complete or does not compile. */
public sealed interface TargetKind
    permits HttpTarget,
        RedisTarget,
        PostgresTarget,
        TableKind,
        TcpTarget,
        OllamaTarget,
        PrometheusTarget {

  /** The field's name in the resource. */
  default String fieldName() {
    return switch (this) {
      case HttpTarget _ -> "http";
      case RedisTarget _ -> "redis";
      case PostgresTarget _ -> "postgres";
      case AgentsTarget _ -> "agents";
      case TcpTarget _ -> "tcp";
      case OllamaTarget _ -> "ollama";
      case PrometheusTarget _ -> "prometheus";
    };
  }
}
