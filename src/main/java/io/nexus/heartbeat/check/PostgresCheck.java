package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.sql.SQLException;

/**
 * A connection, a round trip, how many connections are in use, how far a replica is behind, and the
 * monitor's own queries.
 */
record PostgresCheck(PostgresTarget target, Surroundings surroundings) implements Check {
  /**
   * Other roles' backend_type is hidden from a role without pg_read_all_stats; what has a database
   * and a user is then taken for a client.
   */
  private static final String STATISTICS =
      """
      SELECT current_setting('server_version'), pg_is_in_recovery(),
        current_setting('max_connections')::int,
        (SELECT count(*) FROM pg_stat_activity
          WHERE coalesce(backend_type, 'client backend') = 'client backend'
            AND datid IS NOT NULL AND usesysid IS NOT NULL);
      COMMIT""";

  /**
   * A primary that is idle sends nothing, so that the last transaction replayed says how far behind
   * a replica is only while it has not replayed all, or is cut off.
   */
  private static final String LAG =
      """
      SELECT CASE
        WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
          AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) THEN 0
        ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END""";

  static Check of(PostgresTarget target, Surroundings surroundings) {
    return new PostgresCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    return PostgresSession.look(target, surroundings, deadline, this::look);
  }

  private Reading look(PostgresSession session) throws SQLException {
    var server = withLag(server(session), session);
    return server instanceof Reading.Up(var measured) && !target.queries().isEmpty()
        ? PostgresQueries.ask(target.queries(), session, measured)
        : server;
  }

  private static Reading withLag(Reading server, PostgresSession session) throws SQLException {
    if (!(server instanceof Reading.Up(var measured))) {
      return server;
    }
    var role = measured.words().get("role");
    if (!"replica".equals(role)) {
      var why =
          role == null
              ? measured.absent().getOrDefault("connections", "its role is not known")
              : "the server is no replica";
      return new Reading.Up(measured.without("replicationLag", why));
    }
    try (var statement = session.statement();
        var rows = statement.executeQuery(LAG)) {
      rows.next();
      var lag = rows.getDouble(1);
      return new Reading.Up(
          rows.wasNull()
              ? measured.without("replicationLag", "nothing was replayed yet")
              : measured.with("replicationLag", Math.max(0, lag)));
    } catch (SQLException e) {
      return session.answers().withoutLag(e, measured);
    }
  }

  private static Reading server(PostgresSession session) throws SQLException {
    var begun = System.nanoTime();
    // One message: the time-out is the transaction's own, also behind a pooler.
    var first =
        "BEGIN READ ONLY; SET LOCAL statement_timeout = %d; SELECT 1"
            .formatted(session.serverTimeout());
    try (var statement = session.statement()) {
      statement.execute(first);
    }
    var measured = Measurements.NONE.with("latency", (System.nanoTime() - begun) / 1e9);
    try (var statement = session.statement()) {
      statement.execute(STATISTICS);
      return session.answers().told(statement.getResultSet(), measured);
    } catch (SQLException e) {
      return session.answers().untold(e, measured);
    }
  }
}
