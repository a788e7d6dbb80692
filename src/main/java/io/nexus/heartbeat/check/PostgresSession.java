package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Parser;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgStatement;

/** One connection of one check, everything on it under the check's deadline. */
final class PostgresSession implements AutoCloseable {
  private final BaseConnection connection;
  private final Deadline deadline;
  private final PostgresAnswers answers;

  private PostgresSession(BaseConnection connection, Deadline deadline, PostgresAnswers answers) {
    this.connection = connection;
    this.deadline = deadline;
    this.answers = answers;
  }

  /** What is asked over a connection. */
  interface Look {
    Reading at(PostgresSession session) throws SQLException;
  }

  /** What it found, or what kept it from finding anything. */
  static Reading look(
      PostgresTarget target, Surroundings surroundings, Deadline deadline, Look look)
      throws InterruptedException {
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
          .call(
              () -> {
                try (var session = new PostgresSession(connect(settings), deadline, answers)) {
                  return look.at(session);
                }
              });
    } catch (SQLException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return answers.failed(e);
    } catch (RuntimeException e) {
      if (isOfTheDriver(e)) {
        return answers.tripped(e);
      }
      throw e; // a bug of ours says nothing of the server
    }
  }

  /**
   * It tripped over what the server sent: between the mistake and our code there is the driver's.
   */
  private static boolean isOfTheDriver(RuntimeException thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .map(StackTraceElement::getClassName)
        .takeWhile(name -> !name.startsWith("io.nexus.heartbeat."))
        .anyMatch(name -> name.startsWith("org.postgresql."));
  }

  PostgresAnswers answers() {
    return answers;
  }

  /** Cancelled by the client a little after the server should have given up by itself. */
  PgStatement statement() throws SQLException {
    var statement = connection.createStatement().unwrap(PgStatement.class);
    statement.setQueryTimeoutMs(share(90));
    return statement;
  }

  /** Milliseconds after which the server gives up a statement that begins now. */
  long serverTimeout() {
    return share(80);
  }

  private long share(int percent) {
    return Math.max(1, deadline.remaining().toMillis() * percent / 100);
  }

  /**
   * Begins a transaction in which what the monitor's author wrote is asked: it changes nothing, and
   * is never a superuser's, who may run programs and read files even so.
   *
   * @return why nothing is asked
   */
  Optional<Reading> beginQuestions() throws SQLException {
    rollBack();
    // Not the zone of whoever runs Heartbeat, which the driver would set.
    execute("BEGIN READ ONLY; SET LOCAL TimeZone = 'UTC'");
    limitTime();
    var superuser =
        rows(
            "SELECT bool_or(rolsuper)::text FROM pg_catalog.pg_roles WHERE rolname IN"
                + " (session_user, current_user)");
    return superuser.contains("true") ? Optional.of(answers.superuser()) : Optional.empty();
  }

  /**
   * The first column of each row.
   *
   * @throws OneStatement when it is not exactly one statement
   */
  List<String> ask(String sql) throws SQLException, OneStatement {
    // The driver sends what it takes for several statements one by one; one that it took for one
    // goes through the extended protocol, in which the server itself refuses several.
    var standard = connection.getStandardConformingStrings();
    if (Parser.parseJdbcSql(sql, standard, false, true, false, false).size() != 1) {
      throw new OneStatement();
    }
    limitTime();
    return rows(sql);
  }

  /** The text of the columns of the only row, with values in place of each {@code ?}. */
  List<String> row(String sql, List<String> values) throws SQLException {
    limitTime();
    try (var prepared = connection.prepareStatement(sql)) {
      prepared.unwrap(PgStatement.class).setQueryTimeoutMs(share(90));
      for (var i = 0; i < values.size(); i++) {
        // Of no type, so that the server takes each for what it is compared with.
        prepared.setObject(i + 1, values.get(i), Types.OTHER);
      }
      try (var rows = prepared.executeQuery()) {
        rows.next();
        var columns = new ArrayList<String>();
        for (var i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          columns.add(String.valueOf(rows.getString(i)));
        }
        return columns;
      }
    }
  }

  /**
   * The question, not the server, is at fault, unless the failure says otherwise.
   *
   * @param schema in which names were looked up; null for the user's search_path
   */
  Reading unanswered(
      String question, SQLException failure, Measurements measured, @Nullable String schema)
      throws SQLException {
    if (!PostgresAnswers.isOfTheQuestion(failure)) {
      throw failure;
    }
    return answers.unanswered(
        question, failure, measured, () -> schema == null ? schemas() : schema);
  }

  /** Where unqualified names are looked up. */
  private String schemas() throws SQLException {
    rollBack();
    return String.join("", rows("SELECT array_to_string(current_schemas(false), ', ')"));
  }

  private List<String> rows(String sql) throws SQLException {
    try (var statement = statement()) {
      statement.setEscapeProcessing(false);
      var texts = new ArrayList<String>();
      try (var rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          texts.add(String.valueOf(rows.getString(1)));
        }
      }
      return texts;
    }
  }

  /** Who waits for a lock is told apart from who is slow by giving up a little earlier. */
  private void limitTime() throws SQLException {
    execute(
        "SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d"
            .formatted(serverTimeout(), share(70)));
  }

  private void execute(String sql) throws SQLException {
    try (var statement = statement()) {
      statement.execute(sql);
    }
  }

  private void rollBack() throws SQLException {
    if (connection.getTransactionState() != TransactionState.IDLE) {
      execute("ROLLBACK");
    }
  }

  /** What a question may have set in the session is undone, as a pooler would give it to others. */
  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!connection.isClosed()) {
        rollBack();
      }
    }
  }

  /** Not exactly one statement. */
  static final class OneStatement extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static BaseConnection connect(PostgresSettings settings) throws SQLException {
    Connection connection =
        new Driver().connect("jdbc:postgresql://postgres.invalid/", properties(settings));
    if (connection == null) {
      throw new IllegalStateException("pgjdbc does not know its own url");
    }
    return connection.unwrap(BaseConnection.class);
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
    // In the extended protocol a message is one statement, and values are bound.
    PGProperty.PREFER_QUERY_MODE.set(properties, "extended");
    // All settings go with the start-up packet and not by statements of their own.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
    PGProperty.APPLICATION_NAME.set(properties, settings.url().applicationName());
    PGProperty.MAX_RESULT_BUFFER.set(properties, "65536");
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    return properties;
  }
}
