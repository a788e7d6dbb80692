package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A real replica that streams from a real primary. */
class PostgresReplicaTest {

  @Test
  void aReplicaSaysHowFarBehindItIsAndAPrimaryThatItIsNone() throws Exception {
    try (var primary = EmbeddedPostgres.builder().start()) {
      sql(primary, "CREATE ROLE heartbeat LOGIN; CREATE TABLE t (n int)");
      assertThat(measured(primary).absent())
          .containsEntry("replicationLag", "the server is no replica");
      try (var replica = replicaOf(primary)) {
        isBehind(replica, 0, 0);
        assertThat(measured(replica).words()).containsEntry("role", "replica");

        sql(replica, "SELECT pg_wal_replay_pause()");
        sql(primary, "INSERT INTO t VALUES (1)");
        await()
            .atMost(30, TimeUnit.SECONDS)
            .until(
                () ->
                    "nothing was replayed yet"
                        .equals(measured(replica).absent().get("replicationLag")));
        sql(replica, "SELECT pg_wal_replay_resume()");
        isBehind(replica, 0, 0);

        sql(replica, "SELECT pg_wal_replay_pause()");
        sql(primary, "INSERT INTO t VALUES (2)");
        isBehind(replica, 0.5, 60);
        sql(replica, "SELECT pg_wal_replay_resume()");
        isBehind(replica, 0, 0);

        primary.close();
        isBehind(replica, 0.5, 60);
      }
    }
  }

  private static EmbeddedPostgres replicaOf(EmbeddedPostgres primary) throws Exception {
    return EmbeddedPostgres.builder()
        .setDataDirectoryCustomizer(data -> copy(primary, data))
        .start();
  }

  /** As pg_basebackup does, which is not among the embedded binaries. */
  private static void copy(EmbeddedPostgres primary, File data) {
    try (var connection = primary.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var shown = statement.executeQuery("SHOW data_directory")) {
      shown.next();
      var from = shown.getString(1);
      statement.execute("SELECT pg_start_backup('replica', true)");
      var script =
          "rm -rf \"$2\"/* && cp -a \"$1\"/. \"$2\" && rm -f \"$2\"/postmaster.* &&"
              + " cp -p \"$2\"/PG_VERSION \"$2\"/standby.signal && : > \"$2\"/standby.signal";
      var copied = new ProcessBuilder("sh", "-c", script, "sh", from, data.getPath()).start();
      assertThat(copied.waitFor()).isZero();
      statement.execute("SELECT pg_stop_backup()");
      Path settings = data.toPath().resolve("postgresql.auto.conf");
      Files.writeString(
          settings,
          "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'%n"
              .formatted(primary.getPort()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void isBehind(EmbeddedPostgres server, double least, double most) {
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(measured(server))
                    .satisfies(
                        measured ->
                            assertThat(measured.number("replicationLag").orElse(-1))
                                .isBetween(least, most)));
  }

  private static Measurements measured(EmbeddedPostgres server) throws Exception {
    var url = "postgresql://heartbeat@db.test:" + server.getPort() + "/postgres";
    var target = new PostgresTarget(url, null, null, null, null, null, null, null, null, List.of());
    var reading =
        PostgresNeighbour.look(
            around -> PostgresCheck.of(target, around), PostgresNeighbour.PATIENT);
    return ((Reading.Up) reading).measurements();
  }

  private static void sql(EmbeddedPostgres server, String sql) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
