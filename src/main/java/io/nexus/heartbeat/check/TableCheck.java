package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question to one table, over a connection of its own, so that a table that is locked hurts
 * nobody else. What is watched is what the table says: whether its database is well is said by the
 * database's own target, and while it cannot be asked nothing is known here.
 *
 * @param database the name of the target whose settings these are
 * @param settings null when there is no such target
 */
record TableCheck(
    String database,
    @Nullable PostgresTarget settings,
    Surroundings surroundings,
    Question question)
    implements Check {

  /** What is asked of a table, in one statement that gives one row. */
  interface Question {
    @Nullable String schema();

    String table();

    /** With a {@code ?} for each of the values; identifiers are {@link TableCheck#quoted}. */
    String sql();

    List<String> values();

    Reading answer(List<String> columns, Words words);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    if (settings == null) {
      return new Reading.Unknown("database '" + database + "' is no postgres target here");
    }
    var answers = new ArrayList<Reading>();
    var whole =
        PostgresSession.look(
            settings,
            surroundings,
            deadline,
            session -> {
              answers.add(ask(session));
              return answers.getFirst();
            });
    return answers.isEmpty() ? notAsked(whole) : answers.getFirst();
  }

  private Reading ask(PostgresSession session) throws SQLException {
    var refused = session.beginQuestions();
    if (refused.isPresent()) {
      return refused.get();
    }
    try {
      var columns = session.row(question.sql(), question.values());
      return question.answer(columns, session.answers().words());
    } catch (SQLException e) {
      var name = question.schema() == null ? "" : question.schema() + ".";
      return session.unanswered(
          "table " + name + question.table(), e, Measurements.NONE, question.schema());
    }
  }

  private Reading notAsked(Reading whole) {
    var why =
        switch (whole) {
          case Reading.Down(var cause, _) -> cause;
          case Reading.Impaired(var cause, _, _) -> cause;
          case Reading.Unknown(var words) -> words;
          case Reading.Up _, Reading.Judged _ ->
              throw new IllegalStateException("up without an answer");
        };
    return new Reading.Unknown("database " + database + " cannot be asked: " + why);
  }

  /** As SQL writes a name that may hold anything. */
  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  static String quoted(@Nullable String schema, String table) {
    return schema == null ? quoted(table) : quoted(schema) + "." + quoted(table);
  }
}
