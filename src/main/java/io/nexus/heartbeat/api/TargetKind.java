package io.nexus.heartbeat.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The kinds of target, listed once: a switch over this is complete or does not compile. */
public sealed interface TargetKind
    permits HttpTarget,
        RedisTarget,
        PostgresTarget,
        TableKind,
        TcpTarget,
        OllamaTarget,
        PrometheusTarget,
        WebSocketTarget,
        TlsTarget,
        DiskTarget,
        GpuTarget,
        DnsTarget,
        GrpcTarget,
        WorkloadTarget,
        PushTarget,
        PluginTarget {

  /** Every number that its check may measure; the one list of them, for limits and conditions. */
  Map<String, Unit> measurements();

  /**
   * How often it is checked where its target does not say.
   *
   * @param ofMonitor what the monitor says
   */
  default Duration interval(Duration ofMonitor) {
    return ofMonitor;
  }

  /**
   * How long one check may take where its target does not say.
   *
   * @param ofMonitor what the monitor says
   */
  default Duration timeout(Duration ofMonitor) {
    return ofMonitor;
  }

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
      case AgentsTarget _ -> "agents";
      case TokenBudgetTarget _ -> "tokenBudget";
      case TcpTarget _ -> "tcp";
      case OllamaTarget _ -> "ollama";
      case PrometheusTarget _ -> "prometheus";
      case WebSocketTarget _ -> "webSocket";
      case TlsTarget _ -> "tls";
      case DiskTarget _ -> "disk";
      case GpuTarget _ -> "gpu";
      case DnsTarget _ -> "dns";
      case GrpcTarget _ -> "grpc";
      case WorkloadTarget _ -> "workload";
      case PushTarget _ -> "push";
      case PluginTarget _ -> "plugin";
    };
  }

  /**
   * Limits that hold without being declared, each until the target declares one on the same
   * measurement. Where one is not measured its limit says nothing.
   */
  default List<Threshold> limits() {
    return List.of();
  }
}
