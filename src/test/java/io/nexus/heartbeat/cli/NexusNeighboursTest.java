package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.check.RedisNeighbour;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of the Python watchdog against a platform as it is run, with hostile passwords. */
class NexusNeighboursTest {
  private static final String PASSWORD = "p#a/s@s%w rd";
  private static final Map<String, String> PAGES =
      Map.of(
          "/health", "ok",
          "/api/tags", "{\"models\":[{\"name\":\"llama3:latest\"}]}",
          "/api/ps", "{\"models\":[]}");

  private static EmbeddedPostgres postgres;
  private static RedisNeighbour redis;
  private static HttpServer web;

  @TempDir private Path project;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var page = PAGES.get(exchange.getRequestURI().getPath());
            var bytes = (page == null ? "?" : page).getBytes(UTF_8);
            exchange.sendResponseHeaders(page == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    web.start();
    redis = new RedisNeighbour("requirepass \"" + PASSWORD + "\"", "maxmemory 64mb");
    postgres = EmbeddedPostgres.builder().start();
    sql("CREATE TABLE work_orders (id text PRIMARY KEY, status text, updated_at timestamptz)");
    sql(
        "CREATE TABLE agent_metrics (prompt_tokens int, completion_tokens int, created_at timestamptz)");
    sql("INSERT INTO work_orders VALUES ('WO-7', 'in_progress', now() - interval '10 minutes')");
    sql("INSERT INTO work_orders VALUES ('WO-8', 'in_progress', now())");
    sql("INSERT INTO agent_metrics VALUES (100, 200, now())");
    sql("CREATE ROLE nexus LOGIN PASSWORD '" + PASSWORD + "'");
    sql("GRANT SELECT ON work_orders, agent_metrics TO nexus");
    var hba = Path.of(text("SHOW hba_file"));
    Files.writeString(hba, "host all nexus all scram-sha-256\n" + Files.readString(hba));
    sql("SELECT pg_reload_conf()");
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                text("SELECT count(*) FROM pg_hba_file_rules WHERE 'nexus' = ANY(user_name)")
                    .equals("1"));
  }

  @AfterAll
  static void stop() throws Exception {
    web.stop(0);
    redis.close();
    postgres.close();
  }

  @Test
  void eachTargetIsFoundAsItIs() throws Exception {
    env("postgresql://nexus:" + PASSWORD + "@127.0.0.1:" + postgres.getPort() + "/postgres");

    var exit = check("--redis-url", redisUrl());

    assertThat(out.toString())
        .containsPattern("gateway +healthy")
        .containsPattern("redis +healthy")
        .containsPattern("postgres +healthy")
        .containsPattern("agents +degraded.*WO-7")
        .containsPattern("budget +healthy")
        .containsPattern("ollama +healthy")
        .doesNotContain("WO-8");
    assertThat(exit).as(out.toString()).isBetween(1, 2); // this machine's disk may be full
    assertThat(out.toString() + err).doesNotContain(PASSWORD, "p#a", "p%23a", "w%20rd", "w rd");
  }

  @Test
  void wrongPasswordsAreUnknownAndNotShown() throws Exception {
    env("postgresql://nexus:wr#ng/pass@127.0.0.1:" + postgres.getPort() + "/postgres");

    check("--redis-url", "redis://:wr#ng/pass@127.0.0.1:" + redis.port + "/0");

    assertThat(out.toString())
        .containsPattern("redis +unknown")
        .containsPattern("postgres +unknown.*password authentication failed for user \"?nexus")
        .containsPattern("agents +unknown");
    assertThat(out.toString() + err).doesNotContain("wr#ng", "wr%23ng", "ng/pass");
  }

  @Test
  void aMissingTableIsUnknownAndNamed() throws Exception {
    sql("ALTER TABLE work_orders RENAME TO elsewhere");
    try {
      env("postgresql://nexus:" + PASSWORD + "@127.0.0.1:" + postgres.getPort() + "/postgres");

      check("--redis-url", redisUrl());

      assertThat(out.toString()).containsPattern("agents +unknown.*work_orders");
    } finally {
      sql("ALTER TABLE elsewhere RENAME TO work_orders");
    }
  }

  @Test
  void aFirstMonitorIsCheckedAndRunAsItWasWritten() throws Exception {
    env("postgresql://nexus:" + PASSWORD + "@127.0.0.1:" + postgres.getPort() + "/postgres");
    var crontab = project.resolve("crontab");
    Files.writeString(
        crontab,
        "*/5 * * * * cd %s && python -m heartbeat.service --once --gateway-url %s --redis-url '%s'%n"
            .formatted(project, url(), redisUrl()));
    var monitor = project.resolve("monitor.yaml").toString();
    var secrets = project.resolve("secrets").toString();
    var state = project.resolve("state").toString();

    assertThat(run("init", "-o", monitor, "--from", crontab.toString())).as(err + "").isZero();
    assertThat(run("validate", "--for", "host", "-f", monitor)).isZero();
    var checked = run("check", "-f", monitor, "--secrets", secrets);

    assertThat(out.toString())
        .containsPattern("gateway +healthy")
        .containsPattern("redis +healthy")
        .containsPattern("postgres +healthy")
        .containsPattern("agents +degraded.*WO-7")
        .containsPattern("budget +healthy");
    assertThat(run("run", "--once", "-f", monitor, "--secrets", secrets, "--state", state))
        .as("%s%s", out, err)
        .isEqualTo(checked)
        .isBetween(1, 2); // this machine's disk may be full
    assertThat(Files.readString(Path.of(monitor)) + out + err).doesNotContain(PASSWORD, "p%23a");
  }

  private void env(String databaseUrl) throws Exception {
    Files.writeString(project.resolve(".env"), "export DATABASE_URL='" + databaseUrl + "'\n");
  }

  private static String redisUrl() {
    return "redis://:" + PASSWORD + "@127.0.0.1:" + redis.port + "/0";
  }

  private int check(String... more) {
    var url = url();
    var all =
        new ArrayList<>(
            List.of(
                "check",
                "--gateway-url",
                url,
                "--ollama-url",
                url,
                "--project-root",
                project.toString()));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  private static String url() {
    return "http://127.0.0.1:" + web.getAddress().getPort();
  }

  private int run(String... args) {
    return Typed.run(out, err, args);
  }

  private static void sql(String sql) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(String sql) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
