package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.TableCheck.quoted;
import static java.util.stream.Collectors.joining;

import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.GoDuration;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Work orders that were begun and are no longer touched; all times are the database's. */
record AgentsCheck(AgentsTarget target) implements TableCheck.Question {
  private static final int LONGEST_ID = 40;

  static Check of(
      AgentsTarget target, @Nullable PostgresTarget settings, Surroundings surroundings) {
    return new TableCheck(target.database(), settings, surroundings, new AgentsCheck(target));
  }

  @Override
  public @Nullable String schema() {
    return target.schema();
  }

  @Override
  public String table() {
    return target.table();
  }

  @Override
  public String sql() {
    return """
        WITH begun AS (
          SELECT left(CAST(%s AS text), %d) AS id, %s AS touched FROM %s WHERE %s IN (%s)),
        stuck AS (
          SELECT id, touched FROM begun WHERE touched <= now() - CAST(? AS interval))
        SELECT (SELECT count(*) FROM stuck),
          (SELECT coalesce(extract(epoch FROM now() - min(touched)), 0) FROM begun),
          array_to_string(ARRAY(SELECT translate(id, chr(10), ' ') FROM stuck
            ORDER BY touched, id LIMIT %d), chr(10))"""
        .formatted(
            quoted(target.idColumn()),
            LONGEST_ID,
            quoted(target.updatedAtColumn()),
            quoted(target.schema(), target.table()),
            quoted(target.statusColumn()),
            String.join(", ", Collections.nCopies(target.states().size(), "?")),
            target.maxIds());
  }

  /** A duration is an interval as it is: ISO 8601, a value of its own and not a part of a text. */
  @Override
  public List<String> values() {
    return Stream.concat(target.states().stream(), Stream.of(target.stuckAfter().toString()))
        .toList();
  }

  @Override
  public Reading answer(List<String> columns, Words words) {
    var stuck = Long.parseLong(columns.get(0));
    var oldest = Math.max(0, Double.parseDouble(columns.get(1)));
    var measured = Measurements.NONE.with("stuck", stuck).with("oldestAge", oldest);
    if (stuck == 0) {
      return new Reading.Up(measured);
    }
    return new Reading.Impaired(
        "%d %s not touched for %s or longer, the oldest for %s%s"
            .formatted(
                stuck,
                stuck == 1 ? "work order was" : "work orders were",
                GoDuration.format(target.stuckAfter()),
                age(oldest),
                named(columns.get(2), stuck, words)),
        measured,
        false);
  }

  private static String age(double seconds) {
    return GoDuration.format(Duration.ofSeconds((long) Math.min(seconds, 99_999 * 3600.0)));
  }

  private static String named(String ids, long stuck, Words words) {
    if (ids.isEmpty()) {
      return "";
    }
    var named = List.of(ids.split("\n"));
    var more = stuck - named.size();
    return named.stream().map(words::clean).collect(joining(", ", ": ", ""))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
