package io.nexus.heartbeat.check;

import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * What the server's answers mean. SQLSTATEs: postgresql.org/docs/current/errcodes-appendix.html.
 */
record PostgresAnswers(PostgresSettings settings, Words words) {

  Reading told(@Nullable ResultSet rows, Measurements measured) throws SQLException {
    if (rows == null || !rows.next()) {
      return Words.down("answered its statistics with no row");
    }
    var replica = rows.getBoolean(2);
    double limit = rows.getInt(3);
    double used = rows.getLong(4);
    var all =
        measured
            .with("connections", used)
            .with("connectionsLimit", limit)
            .with("version", words.clean(rows.getString(1)))
            .with("role", replica ? "replica" : "primary");
    all =
        limit > 0
            ? all.with("connectionsPercent", 100 * used / limit)
            : all.without("connectionsPercent", "max_connections is not told");
    var wanted = settings.url().role();
    if (replica && wanted == PostgresUrl.Role.PRIMARY) {
      return new Reading.Down("is a replica, but target_session_attrs asks for the primary", all);
    }
    if (!replica && wanted == PostgresUrl.Role.REPLICA) {
      return new Reading.Down("is the primary, but target_session_attrs asks for a replica", all);
    }
    return new Reading.Up(all);
  }

  /** The round trip worked; without the right to the statistics it is still up. */
  Reading untold(SQLException failure, Measurements measured) throws SQLException {
    if (!"42501".equals(failure.getSQLState())) {
      throw failure;
    }
    var why = message(failure) + ": GRANT pg_monitor TO " + settings.user();
    return new Reading.Up(
        measured
            .without("connections", why)
            .without("connectionsLimit", why)
            .without("connectionsPercent", why));
  }

  /** Not everything that speaks as PostgreSQL does knows how far behind it is. */
  Reading withoutLag(SQLException failure, Measurements measured) throws SQLException {
    if (!isOfTheQuestion(failure) || "57014".equals(failure.getSQLState())) {
      throw failure;
    }
    return new Reading.Up(measured.without("replicationLag", message(failure)));
  }

  Reading failed(SQLException failure) throws InterruptedException {
    for (var cause : Words.chain(failure)) {
      if (cause instanceof IOException broken) {
        return words.broken(broken);
      }
    }
    if (failure.getCause() instanceof RuntimeException bug) {
      return tripped(bug);
    }
    var state = failure.getSQLState() == null ? "" : failure.getSQLState();
    var user = words.clean(settings.user());
    return switch (state) {
      case "57P03" -> new Reading.Impaired(message(failure), Measurements.NONE, true);
      case "53300" -> new Reading.Impaired(message(failure), Measurements.NONE, false);
      case "28P01" ->
          new Reading.Unknown(
              "password authentication failed for user "
                  + user
                  + ": check "
                  + settings.passwordField());
      case "28000" -> new Reading.Unknown(message(failure));
      case "08004" ->
          new Reading.Unknown(
              settings.password() == null
                  ? "a password is required for user " + user + ": set " + settings.passwordField()
                  : "login refused: " + message(failure));
      case "3D000" ->
          new Reading.Unknown(
              "database " + words.clean(settings.database()) + " does not exist: check database");
      case "42501" -> new Reading.Unknown(message(failure) + ": grant it to " + user);
      case "57014" -> Words.down(words.timedOut() + ": the server did not finish a statement");
      default -> Words.down(message(failure));
    };
  }

  /** Over answers that no PostgreSQL gives, or over what was closed under the driver. */
  Reading tripped(RuntimeException bug) throws InterruptedException {
    return words.deadline().remaining().isZero() || Thread.currentThread().isInterrupted()
        ? words.broken(bug)
        : Words.down("answered something that is not PostgreSQL");
  }

  /** Not of the connection, the server or its resources. */
  static boolean isOfTheQuestion(SQLException failure) {
    var state = failure.getSQLState();
    return state != null
        && ("57014".equals(state)
            || Stream.of("08", "28", "53", "57", "58", "F0", "XX").noneMatch(state::startsWith));
  }

  /** Where the schemas are found in which names are looked up. */
  interface Schemas {
    String told() throws SQLException;
  }

  /**
   * A question that the server, being well, could not answer.
   *
   * @param question such as {@code query work_orders}
   */
  Reading unanswered(String question, SQLException failure, Measurements measured, Schemas schemas)
      throws SQLException {
    var state = String.valueOf(failure.getSQLState());
    if ("57014".equals(state)) {
      return new Reading.Down(words.clean(question) + " " + words.timedOut(), measured);
    }
    if ("55P03".equals(state)) {
      return new Reading.Down(
          words.clean(question) + " " + words.timedOut() + ": it is locked", measured);
    }
    var said = words.clean(question) + ": " + message(failure);
    if (state.startsWith("40")) {
      // Such as a conflict with what a replica has to apply: the next one may succeed.
      return new Reading.Impaired(said, measured, false);
    }
    return new Reading.Unknown(
        switch (state) {
          case "42P01", "42703", "42883", "3F000" -> said + "; " + place(schemas.told());
          case "42501" ->
              said
                  + "; "
                  + place(schemas.told())
                  + " and may not read this: GRANT SELECT, as docs/postgres-role.sql does";
          default -> said;
        });
  }

  private String place(String schemas) {
    return "user %s looks in %s of database %s"
        .formatted(
            words.clean(settings.user()),
            schemas.isEmpty()
                ? "no schema (none of its search_path is there, or it lacks USAGE)"
                : "schema " + words.clean(schemas),
            words.clean(settings.database()));
  }

  Reading superuser() {
    return new Reading.Unknown(
        "user "
            + words.clean(settings.user())
            + " is a superuser, as whom no query is run: make a role that may only read"
            + " (docs/postgres-role.sql) and connect as it");
  }

  /** The server's own sentence, not the driver's report of it. */
  private String message(SQLException failure) {
    if (failure instanceof PSQLException known && known.getServerErrorMessage() != null) {
      return words.clean(known.getServerErrorMessage().getMessage());
    }
    return words.clean(failure.getMessage());
  }
}
