package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget.Query;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** The monitor's own queries: each asks for one number. */
final class PostgresQueries {
  /** The row as PostgreSQL writes a composite value; a text that needs it stands in quotes. */
  private static final Pattern NUMBER =
      Pattern.compile("\\((-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)\\)");

  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"]|\"\")*\"?");

  private PostgresQueries() {}

  /** The first that cannot be answered ends it. */
  static Reading ask(List<Query> queries, PostgresSession session, Measurements measured)
      throws SQLException {
    var refused = session.beginQuestions();
    if (refused.isPresent()) {
      return refused.get();
    }
    var all = measured;
    for (var query : queries) {
      var name = "query " + query.name();
      try {
        var rows = session.ask(wrapped(query.sql()));
        var fault = fault(rows);
        if (!fault.isEmpty()) {
          return new Reading.Unknown(name + " must give one row with one number, but " + fault);
        }
        all = all.with(query.name(), number(rows.getFirst()));
      } catch (PostgresSession.OneStatement _) {
        return new Reading.Unknown(name + " must be one SELECT, not several statements");
      } catch (SQLException e) {
        return session.unanswered(name, e, all, null);
      }
    }
    return new Reading.Up(all);
  }

  /**
   * Below another SELECT nothing that writes is allowed; a second row is enough to see that there
   * are too many, and the beginning of a row that it is no number.
   */
  private static String wrapped(String sql) {
    var one = sql.strip();
    while (one.endsWith(";")) {
      one = one.substring(0, one.length() - 1).strip();
    }
    // On lines of its own, so that a comment at its end ends there.
    return "SELECT left(ROW(heartbeat.*)::text, 100) FROM (\n" + one + "\n) AS heartbeat LIMIT 2";
  }

  /** What was read is not repeated: it may be anything in the database. */
  private static String fault(List<String> rows) {
    if (rows.size() != 1) {
      return rows.isEmpty() ? "gives no row" : "gives several rows";
    }
    var row = rows.getFirst();
    if (NUMBER.matcher(row).matches()) {
      return "";
    }
    if (QUOTED.matcher(row).replaceAll("").contains(",")) {
      return "gives several columns";
    }
    return row.equals("()") ? "gives NULL; coalesce(…, 0) would do" : "gives what is no number";
  }

  private static double number(String row) {
    return Double.parseDouble(row.substring(1, row.length() - 1));
  }
}
