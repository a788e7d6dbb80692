package io.nexus.heartbeat.api;

import java.util.List;

/** The kinds of target, listed once: a switch over this is complete or does not compile. */
public sealed interface TargetKind
    permits HttpTarget,
        RedisTarget,
        PostgresTarget,
        TcpTarget,
        OllamaTarget,
        PrometheusTarget,
        DiskTarget,
        GpuTarget {

  /** The field's name in the resource. */
  default String fieldName() {
    return switch (this) {
      case HttpTarget _ -> "http";
      case RedisTarget _ -> "redis";
      case PostgresTarget _ -> "postgres";
      case TcpTarget _ -> "tcp";
      case OllamaTarget _ -> "ollama";
      case PrometheusTarget _ -> "prometheus";
      case DiskTarget _ -> "disk";
      case GpuTarget _ -> "gpu";
    };
  }

  /** What a kind's own {@code degraded} and {@code critical} stand for. */
  default List<Threshold> shorthand() {
    return List.of();
  }
}
