package io.nexus.heartbeat.api;

import java.util.Map;

/** The kinds of target, listed once: a switch over this is complete or does not compile. */
public sealed interface TargetKind
    permits HttpTarget,
        RedisTarget,
        PostgresTarget,
        TcpTarget,
        OllamaTarget,
        PrometheusTarget,
        WorkloadTarget,
        PushTarget {

  /** Every number that its check may measure; the one list of them, for limits and conditions. */
  Map<String, Unit> measurements();

  /** Whether conditions may ask about the status, headers and body of an HTTP answer. */
  default boolean hasAnswer() {
    return this instanceof HttpTarget;
  }

  /** The field's name in the resource. */
  default String fieldName() {
    return switch (this) {
      case HttpTarget _ -> "http";
      case RedisTarget _ -> "redis";
      case PostgresTarget _ -> "postgres";
      case TcpTarget _ -> "tcp";
      case OllamaTarget _ -> "ollama";
      case PrometheusTarget _ -> "prometheus";
      case WorkloadTarget _ -> "workload";
      case PushTarget _ -> "push";
    };
  }
}
