package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database and what is read from its tables, watched together while they fail. */
class TablesTest {
  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final Courier courier = new Courier(deadlines, _ -> {}, Tally.NONE);
  private final EngineTest.Memory statuses = new EngineTest.Memory();
  private EmbeddedPostgres server;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    server = EmbeddedPostgres.builder().start();
    sql(
        """
        CREATE ROLE reader LOGIN;
        CREATE TABLE work_orders (id text, status text, updated_at timestamptz);
        CREATE TABLE agent_metrics (
          prompt_tokens int, completion_tokens int, created_at timestamptz);
        GRANT SELECT ON work_orders, agent_metrics TO reader""");
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var around = new Surroundings(dialer, Secrets.NONE, Endpoints.NONE, clients);
    var home = new HostHome(statuses, Actor.NONE, around, (_, _) -> new LogChannel());
    engine =
        new Engine(
            home,
            courier,
            deadlines,
            text -> text,
            InstantSource.system(),
            EngineListener.NONE,
            _ -> {});
    declare();
    levels(Level.Healthy, Level.Healthy, Level.Healthy);
  }

  @AfterEach
  void stop() throws Exception {
    engine.close();
    courier.close();
    clients.close();
    deadlines.close();
    server.close();
  }

  @Test
  void aLockedTableIsTheMatterOfItsTargetAlone() throws Exception {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE work_orders IN ACCESS EXCLUSIVE MODE");
      levels(Level.Healthy, Level.Critical, Level.Healthy);
      assertThat(target(1).message()).startsWith("table work_orders timed out after 2 s");
      incidents("agents");
      connection.rollback();
    }
    levels(Level.Healthy, Level.Healthy, Level.Healthy);
    incidents();
  }

  @Test
  void aFrozenDatabaseIsOneIncidentAndNotThree() throws Exception {
    var data = Path.of(text("SHOW data_directory"), "postmaster.pid");
    var pid = Files.readAllLines(data).getFirst();
    signal("STOP", pid);
    try {
      levels(Level.Critical, Level.Unknown, Level.Unknown);
      assertThat(target(1).message())
          .startsWith("database postgres cannot be asked: timed out after 2 s")
          .endsWith("; held while postgres is not well");
      incidents("postgres");
    } finally {
      signal("CONT", pid);
    }
    levels(Level.Healthy, Level.Healthy, Level.Healthy);
    incidents();
  }

  @Test
  void aTableThatIsGoneIsUnknownAndNoFaultOfTheDatabases() throws Exception {
    sql("DROP TABLE agent_metrics");
    levels(Level.Healthy, Level.Healthy, Level.Unknown);
    // Held for a moment, until the database was found well by a look that began later.
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              engine.turn(statuses.monitor());
              assertThat(target(2).message())
                  .isEqualTo(
                      "table agent_metrics: relation \"agent_metrics\" does not exist; user reader"
                          + " looks in schema public of database postgres");
            });
  }

  private void declare() {
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("nexus")
            .withName("nexus")
            .withUid("uid")
            .withGeneration(1L)
            .build());
    var url = "postgresql://reader@127.0.0.1:" + server.getPort() + "/postgres";
    var often = Duration.ofSeconds(1);
    monitor.setSpec(
        new MonitorSpec(
            often,
            Duration.ofSeconds(2),
            false,
            null,
            List.of(
                ATarget.of(
                        "postgres",
                        new PostgresTarget(
                            url, null, null, null, null, null, null, null, null, List.of()))
                    .build(),
                ATarget.of(
                        "agents",
                        new AgentsTarget(
                            "postgres", null, null, null, null, null, null, null, null))
                    .build(),
                ATarget.of(
                        "tokens",
                        new TokenBudgetTarget(
                            "postgres", 100L, null, null, null, null, null, null, null, null))
                    .build()),
            null,
            null));
    statuses.monitors.put(MonitorKey.of(monitor), monitor);
  }

  /** Of the database, the agents and the tokens, sooner or later. */
  private void levels(Level... expected) {
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              engine.turn(statuses.monitor());
              assertThat(statuses.monitor().getStatus().targets())
                  .extracting(TargetStatus::level)
                  .containsExactly(expected);
            });
  }

  private void incidents(String... expected) {
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              engine.turn(statuses.monitor());
              assertThat(statuses.monitor().getStatus().state().incidents())
                  .filteredOn(incident -> incident.resolvedAt() == null)
                  .extracting(incident -> incident.target())
                  .containsExactly(expected);
            });
  }

  private TargetStatus target(int index) {
    return statuses.monitor().getStatus().targets().get(index);
  }

  private static void signal(String name, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  private void sql(String sql) throws Exception {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws Exception {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
