package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PostgresTarget.Query;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL with the platform's tables, and the role that docs/postgres-role.sql makes. */
final class PostgresNeighbour implements AutoCloseable {
  static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Path BASE = Path.of(System.getProperty("basedir", ""));

  private final EmbeddedPostgres server;

  PostgresNeighbour() throws Exception {
    server = EmbeddedPostgres.builder().start();
    sql("CREATE TABLE work_orders (id text PRIMARY KEY, status text, updated_at timestamptz)");
    sql(
        "CREATE TABLE agent_metrics (prompt_tokens int, completion_tokens int,"
            + " created_at timestamptz)");
    sql(Files.readString(BASE.resolve("docs/postgres-role.sql")));
    sql("CREATE TABLE salaries (amount int)");
  }

  /** Of the role that may only read. */
  PostgresTarget asking(Query... queries) {
    return as("heartbeat", queries);
  }

  PostgresTarget as(String user, Query... queries) {
    return at(user, null, queries);
  }

  /** Of a role that must know its password, which the Secret's key "password" should hold. */
  PostgresTarget guarded(String user, String password) throws Exception {
    sql("CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'");
    var hba = Path.of(text("SHOW hba_file"));
    Files.writeString(hba, "host all " + user + " all scram-sha-256\n" + Files.readString(hba));
    sql("SELECT pg_reload_conf()");
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                text("SELECT count(*) FROM pg_hba_file_rules WHERE '%s' = ANY(user_name)"
                        .formatted(user))
                    .equals("1"));
    return at(user, new ValueFrom(new SecretKeyRef("db", "password")));
  }

  private PostgresTarget at(String user, @Nullable ValueFrom password, Query... queries) {
    var url = "postgresql://" + user + "@db.test:" + server.getPort() + "/postgres";
    return new PostgresTarget(
        url, null, null, null, null, null, null, password, null, List.of(queries));
  }

  static Reading look(Function<Surroundings, Check> check, Duration within) throws Exception {
    return look(check, Secrets.NONE, within);
  }

  static Reading look(Function<Surroundings, Check> check, Secrets secrets, Duration within)
      throws Exception {
    try (var clients = Clients.create();
        var deadlines = new Deadlines();
        var deadline = deadlines.start(within)) {
      var around = new Surroundings(new OpenDialer(), secrets, Endpoints.NONE, clients);
      var begun = System.nanoTime();
      var reading = check.apply(around).run(deadline);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(within.plusSeconds(2));
      assertThat(reading.toString()).doesNotContain("Exception");
      return reading;
    }
  }

  void sql(String sql) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String text(String sql) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  interface Step {
    void run() throws Exception;
  }

  /** As a migration that hangs does. */
  void whileLocked(String table, Step step) throws Exception {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
      step.run();
      connection.rollback();
    }
  }

  /** Accepting and silent: the kernel takes connections, the postmaster does nothing. */
  void whileFrozen(Step step) throws Exception {
    var pid = Files.readAllLines(Path.of(text("SHOW data_directory"), "postmaster.pid")).getFirst();
    RedisCheckTest.signal("STOP", Long.parseLong(pid));
    try {
      step.run();
    } finally {
      RedisCheckTest.signal("CONT", Long.parseLong(pid));
    }
  }

  @Override
  public void close() throws Exception {
    server.close();
  }
}
