package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.check.Mounted;
import io.nexus.heartbeat.check.RedisNeighbour;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ws.WsPeer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What the NEXUS team runs: real Redis and PostgreSQL, a gateway with its WebSocket, Ollama, a
 * small disk; and what we see of it.
 */
final class NexusPlatform implements AutoCloseable {
  private static final String GREETING =
      "{\"type\":\"event\",\"event\":\"connected\",\"payload\":{}}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, WsPeer.Script> pages = new ConcurrentHashMap<>();
  private final ScriptedServer web;
  private final Mounted disk;
  final EmbeddedPostgres postgres;
  final RedisNeighbour redis;

  NexusPlatform(Path directory) throws Exception {
    disk = Mounted.tmpfs(directory, "size=1m");
    web = WsPeer.serving(this::answer);
    redis = new RedisNeighbour();
    postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", "40").start();
    sql("CREATE TABLE work_orders (id text PRIMARY KEY, status text, updated_at timestamptz)");
    sql(
        "CREATE TABLE agent_metrics (prompt_tokens int, completion_tokens int, created_at timestamptz)");
    sql("CREATE ROLE nexus LOGIN");
    sql("GRANT SELECT ON work_orders, agent_metrics TO nexus");
    databaseIs("postgresql://nexus@127.0.0.1:" + postgres.getPort() + "/postgres");
  }

  /** All well again, at the price of what was written. */
  void heal() throws Exception {
    pages.clear();
    page("/health", "200 OK", "{\"status\":\"ok\"}");
    page("/api/tags", "200 OK", "{\"models\":[{\"name\":\"llama3:latest\"}]}");
    page(
        "/api/ps",
        "200 OK",
        "{\"models\":[{\"name\":\"llama3:latest\",\"size_vram\":1073741824}]}");
    at("/ws", peer -> peer.opens().text(GREETING).obliging());
    redis.say("FLUSHALL");
    redis.say("CONFIG SET maxmemory 64mb");
    sql("TRUNCATE work_orders, agent_metrics");
    Files.deleteIfExists(disk.path().resolve("data"));
  }

  private void answer(WsPeer peer) throws Exception {
    var target = peer.head().split(" ")[1].replaceFirst("[?].*", "");
    var script = pages.get(target);
    if (script == null) {
      respond(peer, "404 Not Found", "?");
    } else {
      script.run(peer);
    }
  }

  void at(String path, WsPeer.Script script) {
    pages.put(path, script);
  }

  void page(String path, String status, String body) {
    at(path, peer -> respond(peer, status, body));
  }

  static void respond(WsPeer peer, String status, String body) throws IOException {
    peer.raw(
        "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(status, body.length(), body));
  }

  /** So full, in percent of all there is. */
  void diskIs(int percent) throws IOException {
    Files.write(disk.path().resolve("data"), new byte[(percent - 2) * 1024 * 1024 / 100]);
  }

  void removeDisk() throws Exception {
    disk.close();
  }

  /** As full as that of the memory that it may take. */
  void memoryIs(int percent) throws IOException {
    redis.say("SETRANGE filler 8000000 x");
    var used = redis.info("used_memory");
    redis.say("CONFIG SET maxmemory " + used * 100 / percent);
  }

  List<Connection> connections(int count) throws SQLException {
    var held = new ArrayList<Connection>();
    for (var i = 0; i < count; i++) {
      held.add(postgres.getPostgresDatabase().getConnection());
    }
    return held;
  }

  /** Accepting and silent: the kernel takes connections, the process does nothing. */
  AutoCloseable frozen(long pid) throws Exception {
    signal("STOP", pid);
    return () -> signal("CONT", pid);
  }

  long postmaster() throws Exception {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW data_directory")) {
      rows.next();
      var lines = Files.readAllLines(Path.of(rows.getString(1), "postmaster.pid"));
      return Long.parseLong(lines.getFirst());
    }
  }

  /** As a migration that hangs does. */
  AutoCloseable locked(String table) throws SQLException {
    var connection = postgres.getPostgresDatabase().getConnection();
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
    }
    return connection;
  }

  void sql(String sql) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void databaseIs(String url) throws IOException {
    Files.writeString(env(), url.isEmpty() ? "" : "DATABASE_URL=" + url + "\n");
  }

  private String database() {
    return "url: postgresql://nexus@127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  private Path env() {
    return disk.path().resolve(".env");
  }

  String url() {
    return "http://127.0.0.1:" + web.port();
  }

  /** What was seen of one target. */
  record Told(String level, String message, double seconds, JsonNode measurements) {}

  /** What {@code heartbeat check} saw, and its exit code. */
  record Seen(int exitCode, Map<String, Told> targets) {
    Seen tells(String target, String level, String message) {
      assertThat(targets).containsKey(target);
      var told = targets.get(target);
      assertThat(told.level() + ": " + told.message()).matches("(?s)" + level + ": " + message);
      return this;
    }

    Seen measures(String target, String... names) {
      assertThat(targets.get(target).measurements().fieldNames()).toIterable().contains(names);
      return this;
    }

    Seen exits(int code) {
      assertThat(exitCode).as(targets.toString()).isEqualTo(code);
      return this;
    }
  }

  /** With the options of the Python watchdog, and these besides. */
  Seen look(String... more) throws IOException {
    return check(options(more));
  }

  /** The monitor of those options, edited. */
  Seen look(Path file, UnaryOperator<String> edit, String... more) throws IOException {
    var options = options(more);
    options.add("--print-monitor");
    var printed = run(options).text().replace("urlFrom: {env: {name: DATABASE_URL}}", database());
    Files.writeString(file, edit.apply(printed));
    return check(List.of("-f", file.toString(), "--secrets", file.getParent().toString()));
  }

  private List<String> options(String... more) {
    var given = new HashMap<String, String>();
    given.put("--gateway-url", url());
    given.put("--redis-url", "redis://127.0.0.1:" + redis.port);
    given.put("--ollama-url", url());
    given.put("--project-root", disk.path().toString());
    for (var i = 0; i < more.length; i += 2) {
      given.put(more[i], more[i + 1]);
    }
    var all = new ArrayList<String>();
    given.forEach((name, value) -> all.addAll(value.isEmpty() ? List.of() : List.of(name, value)));
    return all;
  }

  private record Ran(int exitCode, String text) {}

  private Seen check(List<String> options) throws IOException {
    var all = new ArrayList<>(options);
    all.addAll(List.of("-o", "json"));
    var ran = run(all);
    var targets = new HashMap<String, Told>();
    for (var target : JSON.readTree(ran.text()).get("targets")) {
      targets.put(
          target.get("name").asText(),
          new Told(
              target.get("level").asText(),
              target.path("message").asText(),
              target.get("tookSeconds").asDouble(),
              target.get("measurements")));
    }
    return new Seen(ran.exitCode(), targets);
  }

  private static Ran run(List<String> options) {
    var all = new ArrayList<>(List.of("check"));
    all.addAll(options);
    var out = new StringWriter();
    var err = new StringWriter();
    var exitCode = Typed.run(out, err, all.toArray(String[]::new));
    assertThat(out.toString()).as(err.toString()).isNotEmpty();
    return new Ran(exitCode, out.toString());
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
  }

  @Override
  public void close() throws Exception {
    web.close();
    redis.close();
    postgres.close();
    if (Files.exists(disk.path())) {
      disk.close();
    }
  }
}
