package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.PgStatement;

/** A connection, a round trip, and how many connections are in use. */
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

  static Check of(PostgresTarget target, Surroundings surroundings) {
    return new PostgresCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    PostgresSettings settings;
    try {
      settings = PostgresSettings.of(target, surroundings.secrets());
    } catch (BadAddress | SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
    var words = new Words(deadline, settings.sensitive());
    var answers = new PostgresAnswers(settings, words);
    var wire =
        new PostgresWire(
            surroundings.dialer(),
            deadline,
            settings.host(),
            settings.port(),
            settings.mode(),
            settings.tls(),
            surroundings.clients().tls());
    try {
      return ScopedValue.where(PostgresSockets.WIRE, wire)
          .call(() -> look(settings, deadline, answers));
    } catch (SQLException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return answers.failed(e);
    } catch (RuntimeException e) {
      // The driver trips over answers that no PostgreSQL gives, and over what was closed under it.
      return deadline.remaining().isZero() || Thread.currentThread().isInterrupted()
          ? words.broken(e)
          : Words.down("answered something that is not PostgreSQL");
    }
  }

  private static Reading look(PostgresSettings settings, Deadline deadline, PostgresAnswers answers)
      throws SQLException {
    try (var connection = connect(settings)) {
      var begun = System.nanoTime();
      // One message: the time-out is the transaction's own, also behind a pooler.
      var first =
          "BEGIN READ ONLY; SET LOCAL statement_timeout = %d; SELECT 1"
              .formatted(share(deadline, 80));
      try (var statement = bounded(connection, deadline)) {
        statement.execute(first);
      }
      var measured = Measurements.NONE.with("latency", (System.nanoTime() - begun) / 1e9);
      try (var statement = bounded(connection, deadline)) {
        statement.execute(STATISTICS);
        return answers.told(statement.getResultSet(), measured);
      } catch (SQLException e) {
        return answers.untold(e, measured);
      }
    }
  }

  private static Connection connect(PostgresSettings settings) throws SQLException {
    var connection =
        new Driver().connect("jdbc:postgresql://postgres.invalid/", properties(settings));
    if (connection == null) {
      throw new IllegalStateException("pgjdbc does not know its own url");
    }
    return connection;
  }

  /** Cancelled by the client a little after the server should have given up by itself. */
  private static PgStatement bounded(Connection connection, Deadline deadline) throws SQLException {
    var statement = connection.createStatement().unwrap(PgStatement.class);
    statement.setQueryTimeoutMs(share(deadline, 90));
    return statement;
  }

  private static long share(Deadline deadline, int percent) {
    return Math.max(1, deadline.remaining().toMillis() * percent / 100);
  }

  private static Properties properties(PostgresSettings settings) {
    var properties = new Properties();
    PGProperty.PG_DBNAME.set(properties, settings.database());
    PGProperty.USER.set(properties, settings.user());
    // Never absent: the driver would look into ~/.pgpass.
    PGProperty.PASSWORD.set(properties, settings.password() == null ? "" : settings.password());
    PGProperty.SOCKET_FACTORY.set(properties, PostgresSockets.class.getName());
    // Zero connects on this thread, where the wire is bound; the wire keeps the deadline.
    PGProperty.LOGIN_TIMEOUT.set(properties, 0);
    PGProperty.CONNECT_TIMEOUT.set(properties, 0);
    // TLS is the wire's, so the driver sees none and must not claim that it could bind to it.
    PGProperty.SSL_MODE.set(properties, "disable");
    PGProperty.CHANNEL_BINDING.set(properties, "disable");
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    PGProperty.REQUIRE_AUTH.set(properties, "none,password,md5,scram-sha-256");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    // All settings go with the start-up packet and not by statements of their own.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
    PGProperty.APPLICATION_NAME.set(properties, settings.url().applicationName());
    PGProperty.MAX_RESULT_BUFFER.set(properties, "65536");
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    return properties;
  }
}
