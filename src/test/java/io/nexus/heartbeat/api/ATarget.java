package io.nexus.heartbeat.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A target of which a test says only what it speaks of; one reading decides, by default. */
public final class ATarget {
  private final String name;
  private final TargetKind kind;
  private @Nullable Duration interval;
  private boolean suspend;
  private boolean optional;
  private List<String> dependsOn = List.of();
  private int failureThreshold = 1;
  private int successThreshold = 1;
  private List<Threshold> thresholds = List.of();
  private @Nullable When when;
  private List<Rung> repair = List.of();

  private ATarget(String name, TargetKind kind) {
    this.name = name;
    this.kind = kind;
  }

  /** Of a kind that does not matter. */
  public static ATarget named(String name) {
    return of(name, new TcpTarget(name, 80));
  }

  public static ATarget of(String name, TargetKind kind) {
    return new ATarget(name, kind);
  }

  public ATarget every(Duration time) {
    interval = time;
    return this;
  }

  public ATarget suspended() {
    suspend = true;
    return this;
  }

  public ATarget optional() {
    optional = true;
    return this;
  }

  public ATarget dependsOn(List<String> names) {
    dependsOn = names;
    return this;
  }

  public ATarget patient(int failures, int successes) {
    failureThreshold = failures;
    successThreshold = successes;
    return this;
  }

  public ATarget thresholds(Threshold... limits) {
    thresholds = List.of(limits);
    return this;
  }

  public ATarget when(When conditions) {
    when = conditions;
    return this;
  }

  public ATarget repair(Rung... ladder) {
    repair = List.of(ladder);
    return this;
  }

  public Target build() {
    return new Target(
        name,
        interval,
        null,
        suspend,
        optional,
        dependsOn,
        failureThreshold,
        successThreshold,
        thresholds,
        when,
        repair,
        kind instanceof HttpTarget http ? http : null,
        kind instanceof RedisTarget redis ? redis : null,
        kind instanceof PostgresTarget postgres ? postgres : null,
        kind instanceof AgentsTarget agents ? agents : null,
        kind instanceof TokenBudgetTarget budget ? budget : null,
        kind instanceof TcpTarget tcp ? tcp : null,
        kind instanceof OllamaTarget ollama ? ollama : null,
        kind instanceof PrometheusTarget prometheus ? prometheus : null,
        kind instanceof WebSocketTarget webSocket ? webSocket : null,
        kind instanceof TlsTarget tls ? tls : null,
        kind instanceof DiskTarget disk ? disk : null,
        kind instanceof GpuTarget gpu ? gpu : null,
        kind instanceof DnsTarget dns ? dns : null,
        kind instanceof GrpcTarget grpc ? grpc : null,
        kind instanceof WorkloadTarget workload ? workload : null,
        kind instanceof PushTarget push ? push : null,
        kind instanceof PluginTarget plugin ? plugin : null);
  }
}
