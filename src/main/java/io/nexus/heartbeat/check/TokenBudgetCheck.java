package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.TableCheck.quoted;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.reading.Rise;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens used since midnight of the target's zone, whatever the database's or our own is. */
record TokenBudgetCheck(
    TokenBudgetTarget target,
    @Nullable PostgresTarget settings,
    Surroundings surroundings,
    InstantSource clock)
    implements Check {

  static Check of(
      TokenBudgetTarget target, @Nullable PostgresTarget settings, Surroundings surroundings) {
    return new TokenBudgetCheck(target, settings, surroundings, InstantSource.system());
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    ZoneId zone;
    try {
      zone = ZoneId.of(target.timeZone());
    } catch (DateTimeException _) {
      return new Reading.Unknown(
          "timeZone '"
              + target.timeZone()
              + "' is not known; right would be such as Europe/Berlin");
    }
    var question = Today.at(clock.instant(), zone, target);
    return new TableCheck(target.database(), settings, surroundings, question).run(deadline);
  }

  /** The sums of the day from {@code begin} to {@code end}, and of the hour before {@code now}. */
  private record Today(TokenBudgetTarget target, Instant now, Instant begin, Instant end)
      implements TableCheck.Question {

    /** A day has 23 to 25 hours, and does not everywhere begin at 00:00. */
    static Today at(Instant now, ZoneId zone, TokenBudgetTarget target) {
      var date = LocalDate.ofInstant(now, zone);
      return new Today(
          target,
          now,
          date.atStartOfDay(zone).toInstant(),
          date.plusDays(1).atStartOfDay(zone).toInstant());
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
          SELECT coalesce(sum(tokens) FILTER (WHERE used >= CAST(? AS timestamptz)), 0),
            coalesce(sum(tokens) FILTER (WHERE used > CAST(? AS timestamptz)), 0)
          FROM (
            SELECT coalesce(CAST(%1$s AS numeric), 0) + coalesce(CAST(%2$s AS numeric), 0)
              AS tokens, %3$s AS used
            FROM %4$s
            WHERE %3$s >= CAST(? AS timestamptz) AND %3$s < CAST(? AS timestamptz)) AS spent"""
          .formatted(
              quoted(target.promptTokensColumn()),
              quoted(target.completionTokensColumn()),
              quoted(target.createdAtColumn()),
              quoted(target.schema(), target.table()));
    }

    @Override
    public List<String> values() {
      var hourAgo = now.minus(Duration.ofHours(1));
      var earlier = begin.isBefore(hourAgo) ? begin : hourAgo;
      return List.of(begin.toString(), hourAgo.toString(), earlier.toString(), end.toString());
    }

    @Override
    public Reading answer(List<String> columns, Words words) {
      var today = Double.parseDouble(columns.get(0));
      var hour = Double.parseDouble(columns.get(1));
      if (!Double.isFinite(today) || !Double.isFinite(hour)) {
        return new Reading.Unknown("table " + target.table() + " holds tokens that are no number");
      }
      return new Reading.Up(
          Measurements.NONE
              .with("tokensToday", today)
              .with("percent", 100 * today / target.dailyLimit())
              .with("tokensPerHour", hour)
              .rising(new Rise("percent", 100, begin, end, "limit reached")));
    }
  }
}
