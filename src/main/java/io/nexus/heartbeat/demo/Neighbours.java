package io.nexus.heartbeat.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/**
 * What the monitor of the demo watches and tells, all of it real, on loopback, for this run only.
 */
final class Neighbours implements AutoCloseable {
  static final String TELEGRAM_TOKEN = "123456789:demo-token-of-a-stand-in-not-a-secret";
  private static final String CHAT = "987654321";
  private static final String PASSWORD = "demo-password";

  private final Gateway gateway;
  private final Postgres postgres;
  private final TelegramStandIn telegram;
  private final int redisPort;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable RedisServer redis;

  /** Starts them; what was started is stopped again when one does not start. */
  Neighbours(Consumer<TelegramStandIn.Message> onMessage)
      throws IOException, SQLException, StageFailure, InterruptedException {
    var complete = false;
    try {
      gateway = opened(new Gateway());
      telegram = opened(TelegramStandIn.start(TELEGRAM_TOKEN, List.of(CHAT), onMessage));
      postgres = opened(Postgres.start());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      // A watcher needs no more than to connect and to see how many others are connected.
      try (var connection = postgres.server().getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE ROLE nexus LOGIN PASSWORD '" + PASSWORD + "'");
        statement.execute("GRANT pg_monitor TO nexus");
      }
      redisPort = freePort();
      opened.push(this::stopRedis);
      startRedis();
      complete = true;
    } finally {
      if (!complete) {
        TakeDown.all(opened);
      }
    }
  }

  private <C extends AutoCloseable> C opened(C resource) {
    opened.push(resource);
    return resource;
  }

  Gateway gateway() {
    return gateway;
  }

  /** The Secrets that the monitor names, by name and key. */
  Map<String, Map<String, String>> secrets() {
    return Map.of(
        "telegram", Map.of("token", TELEGRAM_TOKEN),
        "redis", Map.of("password", PASSWORD),
        "postgres", Map.of("password", PASSWORD));
  }

  /** The monitor, with the ports of this run. */
  String monitor(String namespace) throws IOException {
    try (var in = Neighbours.class.getResourceAsStream("/demo/monitor.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
          .replace("${namespace}", namespace)
          .replace("${gatewayPort}", Integer.toString(gateway.port()))
          .replace("${redisPort}", Integer.toString(redisPort))
          .replace("${postgresPort}", Integer.toString(postgres.server().getPort()))
          .replace("${telegramUrl}", telegram.url());
    }
  }

  synchronized void startRedis() throws IOException {
    redis =
        RedisServer.newRedisServer()
            .port(redisPort)
            .bind("127.0.0.1")
            .setting("save \"\"")
            .setting("requirepass " + PASSWORD)
            .build();
    redis.start();
  }

  synchronized void stopRedis() throws IOException {
    if (redis != null) {
      redis.stop();
      redis = null;
    }
  }

  private static int freePort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Override
  public void close() throws StageFailure {
    TakeDown.all(opened);
  }
}
