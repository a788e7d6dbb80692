package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is watched. Exactly one of the kinds ({@code http}, {@code redis} …) is set.
 *
 * @param name Its name in this monitor, in messages and metrics: lower case letters, digits and
 *     '-', at most 63.
 * @param interval How often it is checked, at least 1s, or 1m for a plugin. By default the
 *     monitor's interval, or that least where it is more.
 * @param timeout How long one check may take, more than 0s. By default the monitor's timeout, and
 *     for a plugin 30s where that is more, and 10m at most.
 * @param suspend Stops checks, repairs and alerts of this target while it is true.
 * @param optional As long as it was never seen up it does not count; once seen up it counts like
 *     any other.
 * @param dependsOn Names of other targets, at most 10. While one of them is down, this one is held
 *     and not alerted.
 * @param failureThreshold Failures in a row before it is down for real, 1 to 20.
 * @param successThreshold Successes in a row before it is well again, 1 to 20.
 * @param thresholds Limits on measurements, at most 20, one for each measurement.
 * @param when When it is Degraded or Critical by what was found, in CEL.
 * @param repair What is tried when it is down, in this order: the next rung when the one before did
 *     not help. At most 10.
 * @param http An HTTP request.
 * @param redis A Redis or Valkey server, the master that sentinels name, or a cluster.
 * @param postgres A PostgreSQL server.
 * @param agents Agents, by the work orders they have begun and no longer touch.
 * @param tokenBudget The tokens that were used today, against a daily limit.
 * @param tcp A port that must accept connections.
 * @param ollama An Ollama server and its models.
 * @param prometheus The value of a Prometheus query.
 * @param webSocket A WebSocket that must open, greet, answer and keep alive.
 * @param tls A TLS server's certificate.
 * @param disk How full a file system is.
 * @param gpu NVIDIA GPUs: how busy, full and hot they are.
 * @param dns A name in DNS, or a DNS server.
 * @param grpc A gRPC server, by its health service.
 * @param workload A Deployment, StatefulSet or DaemonSet, whose pods must be ready.
 * @param push A heartbeat that must arrive, sent by whoever is watched.
 * @param plugin A check of one's own, by a program that says how well something is.
 */
@Wire
@ValidationRule(
    value =
        "[has(self.http), has(self.redis), has(self.postgres), has(self.agents),"
            + " has(self.tokenBudget), has(self.tcp), has(self.ollama), has(self.prometheus),"
            + " has(self.webSocket), has(self.tls), has(self.disk), has(self.gpu),"
            + " has(self.dns), has(self.grpc), has(self.workload), has(self.push),"
            + " has(self.plugin)]"
            + ".exists_one(k, k)",
    message =
        "exactly one of http, redis, postgres, agents, tokenBudget, tcp, ollama, prometheus,"
            + " webSocket, tls, disk, gpu, dns, grpc, workload, push and plugin must be set")
@ValidationRule(
    value = "!has(self.dependsOn) || !(self.name in self.dependsOn)",
    message = "a target cannot depend on itself",
    fieldPath = ".dependsOn")
@ValidationRule(
    value = "!has(self.plugin) || !has(self.interval) || duration(self.interval) >= duration('1m')",
    message = "interval of a plugin must be at least 1m",
    fieldPath = ".interval")
@ValidationRule(
    value = "!has(self.plugin) || !has(self.timeout) || duration(self.timeout) <= duration('10m')",
    message = "timeout of a plugin must be at most 10m",
    fieldPath = ".timeout")
@ValidationRule(
    value =
        "!has(self.repair) || !self.repair.exists(r, has(r.evict))"
            + " || (has(self.http) && has(self.http.service))",
    message = "evict needs a target of kind http with a service, whose endpoints are known singly",
    fieldPath = ".repair")
@ValidationRule(
    value =
        "!has(self.repair) || !self.repair.exists(r, has(r.cleanup))"
            + " || (has(self.disk) && !has(self.disk.node))",
    message =
        "cleanup needs a target of kind disk with a persistentVolumeClaim, which it cleans (on a"
            + " host, a path)",
    fieldPath = ".repair")
public record Target(
    @Required @Label String name,
    @GoDurationText
        @ValidationRule(
            value = "duration(self) >= duration('1s')",
            message = "interval must be at least 1s")
        @Nullable Duration interval,
    @GoDurationText
        @ValidationRule(
            value = "duration(self) > duration('0s')",
            message = "timeout must be greater than 0s")
        @Nullable Duration timeout,
    @Default("false") boolean suspend,
    @Default("false") boolean optional,
    @Size(max = 10) @ListSet
        List<@Pattern(Label.PATTERN) @Size(min = 1, max = Label.MAX_LENGTH) String> dependsOn,
    @Default("3") @Min(1) @Max(20) Integer failureThreshold,
    @Default("1") @Min(1) @Max(20) Integer successThreshold,
    @Size(max = 20) @ListMap("measurement") List<Threshold> thresholds,
    @Nullable When when,
    @Size(max = 10) List<Rung> repair,
    @Nullable HttpTarget http,
    @Nullable RedisTarget redis,
    @Nullable PostgresTarget postgres,
    @Nullable AgentsTarget agents,
    @Nullable TokenBudgetTarget tokenBudget,
    @Nullable TcpTarget tcp,
    @Nullable OllamaTarget ollama,
    @Nullable PrometheusTarget prometheus,
    @Nullable WebSocketTarget webSocket,
    @Nullable TlsTarget tls,
    @Nullable DiskTarget disk,
    @Nullable GpuTarget gpu,
    @Nullable DnsTarget dns,
    @Nullable GrpcTarget grpc,
    @ClusterOnly @Nullable WorkloadTarget workload,
    @Nullable PushTarget push,
    @Nullable PluginTarget plugin) {

  public Target {
    dependsOn = List.copyOf(requireNonNullElse(dependsOn, List.of()));
    failureThreshold = requireNonNullElse(failureThreshold, 3);
    successThreshold = requireNonNullElse(successThreshold, 1);
    thresholds = List.copyOf(requireNonNullElse(thresholds, List.of()));
    repair = List.copyOf(requireNonNullElse(repair, List.of()));
  }

  /**
   * What is checked.
   *
   * @throws IllegalStateException when none or several kinds are set; the API server and {@code
   *     heartbeat validate} refuse such a target
   */
  @JsonIgnore
  public TargetKind kind() {
    var kinds = kinds();
    if (kinds.size() != 1) {
      throw new IllegalStateException(
          "target " + name + " sets " + kinds.size() + " kinds; exactly one is right");
    }
    return kinds.getFirst();
  }

  /** Those that are set: one, or it is a mistake. */
  public List<TargetKind> kinds() {
    return Stream.<@Nullable TargetKind>of(
            http,
            redis,
            postgres,
            agents,
            tokenBudget,
            tcp,
            ollama,
            prometheus,
            webSocket,
            tls,
            disk,
            gpu,
            dns,
            grpc,
            workload,
            push,
            plugin)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  /** Names of the targets without which this one tells nothing: declared ones and its database. */
  public List<String> dependencies() {
    var databases =
        Stream.concat(Stream.ofNullable(agents), Stream.ofNullable(tokenBudget))
            .map(TableKind::database);
    return Stream.concat(dependsOn.stream(), databases).distinct().toList();
  }

  /** The limits of its kind, but for those on what a declared threshold is on. */
  public List<Threshold> undeclaredLimits() {
    return kind().limits().stream()
        .filter(limit -> thresholds.stream().noneMatch(limit::isOnTheSameAs))
        .toList();
  }

  /** The same target without patience: one reading decides. */
  public Target decidedByOne() {
    return with(interval, 1);
  }

  /**
   * The same for a process that does not stay: so many readings in a row that are worse decide, and
   * one that is better; none is made by the clock before that process has ended.
   */
  public Target decidedBy(int failures, Duration every) {
    return with(every, failures);
  }

  private Target with(@Nullable Duration every, int failures) {
    return new Target(
        name,
        every,
        timeout,
        suspend,
        optional,
        dependsOn,
        failures,
        1,
        thresholds,
        when,
        repair,
        http,
        redis,
        postgres,
        agents,
        tokenBudget,
        tcp,
        ollama,
        prometheus,
        webSocket,
        tls,
        disk,
        gpu,
        dns,
        grpc,
        workload,
        push,
        plugin);
  }
}
