package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.check.RedisNeighbour;
import io.nexus.heartbeat.cli.NexusPlatform.Seen;
import io.nexus.heartbeat.net.ScriptedServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code heartbeat check} says with the options of the Python watchdog, while the platform's
 * parts are stopped, frozen, slowed, locked, filled or wrongly set up: several at a time, for one
 * must not hide another.
 */
@Timeout(180)
class NexusTableIT {
  private static final String TIMED_OUT = "timed out after 5 s";

  @TempDir private Path directory;
  private NexusPlatform nexus;

  @BeforeEach
  void start() throws Exception {
    nexus = new NexusPlatform(directory);
    nexus.heal();
  }

  @AfterEach
  void stop() throws Exception {
    if (nexus != null) {
      nexus.close();
    }
  }

  @Test
  void wellIsHealthyAndMeasured() throws Exception {
    var seen = nexus.look();
    seen.exits(0)
        .tells("gateway", "healthy", "")
        .measures("gateway", "status", "latency")
        .tells("gateway-events", "healthy", "")
        .measures("gateway-events", "latency", "handshakeLatency")
        .tells("redis", "healthy", "")
        .measures("redis", "memoryBytes", "memoryPercent", "clients", "role", "replicas")
        .tells("postgres", "healthy", "")
        .measures("postgres", "latency", "connections", "connectionsPercent", "work_orders")
        .tells("agents", "healthy", "")
        .measures("agents", "stuck")
        .tells("budget", "healthy", "")
        .measures("budget", "tokensToday", "percent", "tokensPerHour")
        .tells("ollama", "healthy", "")
        .measures("ollama", "models", "loadedModels", "vramBytes")
        .tells("disk", "healthy", "")
        .measures("disk", "percent", "freeBytes", "inodesPercent");
  }

  @Test
  void whatIsNotWellIsDegradedAndSaysHow() throws Exception {
    nexus.page("/health", "404 Not Found", "");
    nexus.memoryIs(87);
    nexus.sql(
        "INSERT INTO work_orders VALUES ('WO-7', 'in_progress', now() - interval '301 seconds')");
    nexus.sql(
        "INSERT INTO work_orders VALUES ('WO-8', 'in_progress', now() - interval '200 seconds')");
    nexus.sql("INSERT INTO agent_metrics VALUES (400000, 450000, now())");
    nexus.diskIs(90);
    var held = nexus.connections(31);
    try {
      nexus
          .look()
          .exits(1)
          .tells("gateway", "degraded", "HTTP 404 Not Found")
          .tells("redis", "degraded", "memoryPercent is 8[5-9].*at or above 80")
          .tells("postgres", "degraded", "connectionsPercent is (8|9)[0-9.]+, at or above 80%")
          .tells("agents", "degraded", "1 .*WO-7.*")
          .tells("budget", "degraded", "percent is 85, at or above 80%")
          .tells("disk", "degraded", "percent is (88|89|90|91)[.0-9]*, at or above 85%")
          .tells("ollama", "healthy", "");
    } finally {
      for (var connection : held) {
        connection.close();
      }
    }
  }

  @Test
  void whatReadsItsDataOrHasNoRoomLeftIsDegraded() throws Exception {
    var held = nexus.connections(37);
    try {
      RedisNeighbour.whileLoading(
          directory,
          port -> {
            var url = "redis://127.0.0.1:" + port;
            await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(
                    () ->
                        nexus
                            .look("--redis-url", url)
                            .tells("redis", "degraded", "loading its data set into memory")
                            .tells("postgres", "degraded", "remaining connection slots are .*")
                            .tells("agents", "unknown", "database postgres cannot be asked: .*")
                            .tells("gateway", "healthy", ""));
          });
    } finally {
      for (var connection : held) {
        connection.close();
      }
    }
  }

  @Test
  void whatIsFullOrFailsIsCritical() throws Exception {
    nexus.page("/health", "503 Service Unavailable", "");
    nexus.memoryIs(98);
    nexus.sql("INSERT INTO agent_metrics VALUES (600000, 400000, now())");
    nexus.diskIs(97);
    nexus
        .look()
        .exits(2)
        .tells("gateway", "critical", "HTTP 503 Service Unavailable")
        .tells("redis", "critical", "memoryPercent is 9[6-9].*at or above 95")
        .tells("budget", "critical", "percent is 100, at or above 100%")
        .tells("disk", "critical", "percent is 9[5-9][.0-9]*, at or above 95%")
        .tells("postgres", "healthy", "");
  }

  @Test
  void whatIsStoppedIsCriticalAndWhoDependsOnItIsNotAccused() throws Exception {
    nexus.redis.close();
    nexus.postgres.close();
    var nobody = RedisNeighbour.freePort();
    nexus
        .look("--gateway-url", "http://127.0.0.1:" + nobody)
        .exits(2)
        .tells("gateway", "critical", "connection refused")
        .tells("gateway-events", "critical", "connection refused")
        .tells("redis", "critical", "connection refused")
        .tells("postgres", "critical", "connection refused")
        .tells("agents", "unknown", "database postgres cannot be asked: connection refused")
        .tells("budget", "unknown", "database postgres cannot be asked: connection refused")
        .tells("ollama", "healthy", "")
        .tells("disk", "healthy", "");
  }

  @Test
  void whatIsFrozenIsDownByItsTimeoutAndDelaysNobody() throws Exception {
    nexus.at("/health", peer -> peer.silent());
    nexus.at("/api/tags", peer -> peer.silent());
    try (var _ = nexus.frozen(nexus.redis.processId());
        var _ = nexus.frozen(nexus.postmaster())) {
      var seen = nexus.look();
      seen.exits(2)
          .tells("gateway", "critical", TIMED_OUT)
          .tells("redis", "critical", TIMED_OUT)
          .tells("postgres", "critical", TIMED_OUT)
          .tells("agents", "unknown", "database postgres cannot be asked: " + TIMED_OUT)
          .tells("budget", "unknown", "database postgres cannot be asked: " + TIMED_OUT)
          .tells("ollama", "critical", TIMED_OUT)
          .tells("gateway-events", "healthy", "")
          .tells("disk", "healthy", "");
      assertThat(seen.targets().get("disk").seconds()).isLessThan(4);
      assertThat(seen.targets().get("gateway-events").seconds()).isLessThan(4);
      assertThat(seen.targets().get("redis").seconds()).isBetween(4.9, 8.0);
    }
  }

  @Test
  void aLockedTableHurtsOnlyWhoAsksForIt() throws Exception {
    try (var _ = nexus.locked("agent_metrics")) {
      nexus
          .look()
          .exits(2)
          .tells("budget", "critical", ".*agent_metrics.*" + TIMED_OUT + ".*|" + TIMED_OUT + ".*")
          .tells("agents", "healthy", "")
          .tells("postgres", "healthy", "");
    }
    try (var _ = nexus.locked("work_orders")) {
      nexus
          .look()
          .exits(2)
          .tells("agents", "critical", ".*(timed out|lock).*")
          .tells("postgres", "critical", ".*work_orders.*")
          .tells("budget", "healthy", "");
    }
  }

  @Test
  void aMistakeOfSetUpIsUnknownAndNamed() throws Exception {
    nexus.redis.say("CONFIG SET requirepass secret");
    nexus.sql("ALTER TABLE work_orders RENAME TO elsewhere");
    nexus.sql("REVOKE SELECT ON agent_metrics FROM nexus");
    nexus.page("/health", "401 Unauthorized", "");
    nexus
        .look()
        .exits(3)
        .tells("gateway", "degraded", "HTTP 401 Unauthorized")
        .tells("redis", "unknown", "a password is required.*passwordFrom.*")
        .tells("postgres", "unknown", ".*work_orders.*")
        .tells("agents", "unknown", ".*table work_orders.*nexus.*")
        .tells("budget", "unknown", ".*agent_metrics.*nexus.*");
    assertThat(
            nexus
                .look("--redis-url", "redis://:wr%23ng@127.0.0.1:" + nexus.redis.port)
                .tells("redis", "unknown", "wrong password.*"))
        .extracting(Seen::toString)
        .asString()
        .doesNotContain("wr#ng", "wr%23ng");
    nexus.databaseIs("postgresql://nobody@127.0.0.1:" + nexus.postgres.getPort() + "/postgres");
    nexus.look().tells("postgres", "unknown", ".*role \"?nobody\"? does not exist.*");
  }

  @Test
  void whatIsNotConfiguredOrNotInstalledIsUnknownAndNoFuss() throws Exception {
    nexus.databaseIs("");
    nexus
        .look("--ollama-url", "")
        .exits(0)
        .tells("postgres", "unknown", ".*DATABASE_URL is not set")
        .tells("agents", "unknown", ".*DATABASE_URL is not set")
        .tells("budget", "unknown", ".*DATABASE_URL is not set")
        .tells("gpu", "unknown", ".*nvidia-smi.*");
  }

  @Test
  void aVolumeThatIsGoneIsUnknown() throws Exception {
    var file = directory.resolve("nexus.yaml");
    nexus
        .look(
            file, yaml -> yaml.replaceFirst("disk: [{]path: \"[^\"]*\"", "disk: {path: \"/gone\""))
        .tells("disk", "unknown", ".*/gone.*");
  }

  @Test
  void theGatewayFailsInEachOfItsWays() throws Exception {
    nexus.at(
        "/slow",
        peer -> {
          Thread.sleep(150); // a gateway that takes its time
          NexusPlatform.respond(peer, "200 OK", "");
        });
    nexus.page("/limited", "429 Too Many Requests", "");
    nexus.page("/text", "200 OK", "not JSON");
    try (var reset = ScriptedServer.unasked(peer -> peer.setSoLinger(true, 0));
        var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody.close();
      nexus
          .look(
              directory.resolve("nexus.yaml"),
              targets(
                  http("slow", "/slow", "expect: {maxLatency: 100ms}"),
                  http("limited", "/limited", ""),
                  http("text", "/text", ""),
                  at("reset", "http://127.0.0.1:" + reset.port(), ""),
                  at("refused", "http://127.0.0.1:" + nobody.getLocalPort(), "")))
          .tells("slow", "degraded", "took 1[5-9].*ms.*|.*longer than 100 ms.*|.*100 ms.*")
          .tells("limited", "healthy", "rate limited")
          .tells("text", "healthy", "")
          .tells("reset", "critical", ".*(reset|closed).*")
          .tells("refused", "critical", "connection refused");
    }
  }

  @Test
  void theWebSocketFailsInEachOfItsWays() throws Exception {
    Files.createDirectory(directory.resolve("gateway"));
    Files.writeString(directory.resolve("gateway/token"), "a-token-of-some-length");
    var greeting = "expect: {contains: connected}";
    nexus.at(
        "/slow",
        peer -> {
          Thread.sleep(150); // a gateway that takes its time
          peer.opens().text("connected").obliging();
        });
    nexus.at("/mute", peer -> peer.opens().obliging());
    nexus.at("/other", peer -> peer.opens().text("{\"type\":\"error\"}").obliging());
    nexus.at("/nopong", peer -> peer.opens().text("connected").silent());
    nexus.page("/forbidden", "403 Forbidden", "");
    nexus
        .look(
            directory.resolve("nexus.yaml"),
            targets(
                ws("greets", "/ws", greeting),
                ws("slow", "/slow", "expect: {contains: connected, maxLatency: 100ms}"),
                ws("mute", "/mute", greeting),
                ws("other", "/other", greeting),
                ws("nopong", "/nopong", greeting),
                ws(
                    "forbidden",
                    "/forbidden",
                    "tokenFrom: {secretKeyRef: {name: gateway, key: token}}"),
                ws("missing", "/ws", "tokenFrom: {secretKeyRef: {name: gateway, key: other}}")))
        .tells("greets", "healthy", "")
        .measures("greets", "handshakeLatency", "firstFrameLatency")
        .tells("slow", "degraded", ".*100 ms.*")
        .tells("mute", "critical", ".*connected.*5 s.*|.*5 s.*")
        .tells("other", "critical", ".*error.*")
        .tells("nopong", "critical", ".*pong.*")
        .tells("forbidden", "unknown", "HTTP 403 Forbidden.*gateway.*token.*")
        .tells("missing", "unknown", ".*gateway.*other.*");
  }

  @Test
  void limitsOfOnesOwnAreHeld() throws Exception {
    nexus.sql(
        "INSERT INTO work_orders SELECT 'WO-' || n, 'in_progress', now() - interval '1 day' FROM generate_series(1, 5) n");
    try (var replica = new RedisNeighbour("replicaof 127.0.0.1 " + RedisNeighbour.freePort())) {
      nexus
          .look(
              directory.resolve("nexus.yaml"),
              yaml ->
                  yaml.replace(
                          "stuckAfter: 5m}",
                          "stuckAfter: 5m}\n    thresholds: [{measurement: stuck, critical: 5}]")
                      .replace(
                          "FROM work_orders}]",
                          "FROM work_orders}]\n    thresholds: [{measurement: work_orders, degraded: 3}]")
                      .replaceFirst("ollama: [{]", "ollama: {models: [llama3, qwen3], ")
                      .replaceFirst("redis://[^\"]*", "redis://127.0.0.1:" + replica.port))
          .tells("agents", "critical", "5 .*")
          .tells("postgres", "degraded", "work_orders is 5, at or above 3")
          .tells("ollama", "degraded", ".*qwen3.*")
          .tells("redis", "degraded", "replica has lost its primary 127.0.0.1.*");
    }
  }

  private String http(String name, String path, String more) {
    return at(name, nexus.url() + path, more);
  }

  private static String at(String name, String url, String more) {
    return "  - {name: %s, http: {url: \"%s\", %s}}%n".formatted(name, url, more);
  }

  private String ws(String name, String path, String more) {
    return "  - {name: %s, webSocket: {url: \"%s\", %s}}%n"
        .formatted(name, nexus.url().replaceFirst("http", "ws") + path, more);
  }

  /** These only. */
  private static UnaryOperator<String> targets(String... targets) {
    return yaml ->
        yaml.replaceFirst(
            "(?s)  targets:\n.*?\n  (?=[a-z])", "  targets:\n" + String.join("", targets) + "  ");
  }
}
