package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PostgresTarget.Query;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresQueriesTest {
  private static PostgresNeighbour database;

  @BeforeAll
  static void start() throws Exception {
    database = new PostgresNeighbour();
    database.sql("INSERT INTO work_orders SELECT n, 'open', now() FROM generate_series(1, 7) n");
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @Test
  void eachNumberIsTheMeasurementOfItsName() throws Exception {
    var reading =
        run(
            database.asking(
                new Query("orders", "SELECT count(*) FROM work_orders"),
                new Query("share", "WITH x AS (SELECT 1.25 AS y) SELECT y FROM x; "),
                new Query("note", "SELECT '-3e2'::float8 AS heartbeat -- said; here")));
    var measured = ((Reading.Up) reading).measurements();
    assertThat(measured.number("orders")).hasValue(7);
    assertThat(measured.number("share")).hasValue(1.25);
    assertThat(measured.number("note")).hasValue(-300);
    assertThat(measured.numbers()).containsKeys("latency", "connections");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 WHERE false | gives no row",
        "SELECT generate_series(1, 9) | gives several rows",
        "SELECT 1, 2 | gives several columns",
        "SELECT 'a, b' | gives what is no number",
        "SELECT 'NaN'::float8 | gives what is no number",
        "SELECT true | gives what is no number",
        "SELECT NULL | gives NULL; coalesce(…, 0) would do",
        "SELECT repeat('x', 30000000) | gives what is no number",
        "SELECT repeat('7', 30000000) | gives what is no number",
        "SELECT repeat('x', 3000000) FROM generate_series(1, 100000) | gives several rows"
      })
  void anAnswerThatIsNotOneNumberIsUnknownAndNotRepeated(String sql, String fault)
      throws Exception {
    assertThat(run(database.asking(new Query("q", sql))))
        .isEqualTo(new Reading.Unknown("query q must give one row with one number, but " + fault));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT count(*) FROM orders | relation \"orders\" does not exist; user heartbeat looks in"
            + " schema public of database postgres",
        "SELECT age FROM work_orders | column \"age\" does not exist; user heartbeat looks in schema"
            + " public of database postgres",
        "SELECT count(*) FROM salaries | permission denied for table salaries; user heartbeat looks"
            + " in schema public of database postgres and may not read this: GRANT SELECT, as"
            + " docs/postgres-role.sql does",
        "SELECT 1 / 0 | division by zero",
        "SELECT FROM WHERE | syntax error at or near \"WHERE\"",
        "SELECT 1; -- one? | syntax error at or near \";\""
      })
  void aMistakeInTheQueryIsUnknownAndSaysWhatAndWhere(String sql, String said) throws Exception {
    assertThat(run(database.asking(new Query("q", sql))))
        .isEqualTo(new Reading.Unknown("query q: " + said));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; DELETE FROM work_orders",
        "SELECT 1) AS x; COMMIT; DELETE FROM work_orders; SELECT (1",
        "SELECT 1) AS x; COMMIT; DELETE FROM work_orders; --",
        "SELECT '\\') AS x; COMMIT; DELETE FROM work_orders; --'",
        "SELECT E'\\'') AS x; COMMIT; DELETE FROM work_orders; --'",
        "SELECT $a$ ' $a$) AS x; COMMIT; DELETE FROM work_orders; --",
        "SELECT /* /* */ ' */ 1) AS x; COMMIT; DELETE FROM work_orders; --'",
        "WITH d AS (DELETE FROM work_orders RETURNING 1) SELECT count(*) FROM d",
        "SELECT 1) AS x UNION ALL (WITH d AS (DELETE FROM work_orders RETURNING 1) SELECT 1 FROM d",
        "SELECT count(*) FROM (SELECT 1 FROM work_orders FOR UPDATE) AS x",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT nextval('s')",
        "SELECT 1 INTO taken"
      })
  void whatWritesIsUnknownAndWritesNothing(String sql) throws Exception {
    database.sql("CREATE SEQUENCE IF NOT EXISTS s; GRANT ALL ON s, work_orders TO heartbeat");
    try {
      assertThat(run(database.asking(new Query("q", sql)))).isInstanceOf(Reading.Unknown.class);
    } finally {
      database.sql("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON work_orders FROM heartbeat");
    }
    assertThat(database.text("SELECT count(*) FROM work_orders")).isEqualTo("7");
    assertThat(database.text("SELECT is_called FROM s")).isEqualTo("f");
  }

  /** Large objects, which a read-only transaction of PostgreSQL 14 makes, and settings. */
  @Test
  void whatAQueryDoesAllTheSameIsRolledBack() throws Exception {
    assertThat(run(database.asking(new Query("q", "SELECT lo_create(0)"))))
        .isInstanceOf(Reading.Up.class);
    assertThat(database.text("SELECT count(*) FROM pg_largeobject_metadata")).isEqualTo("0");
  }

  @Test
  void aSuperuserRunsNoQuery() throws Exception {
    assertThat(run(database.as("postgres", new Query("q", "SELECT 1"))))
        .isEqualTo(
            new Reading.Unknown(
                "user postgres is a superuser, as whom no query is run: make a role that may only"
                    + " read (docs/postgres-role.sql) and connect as it"));
    assertThat(run(database.as("postgres"))).isInstanceOf(Reading.Up.class);
  }

  @Test
  void aLockedTableHurtsOnlyWhoAsksForIt() throws Exception {
    var asking = database.asking(new Query("orders", "SELECT count(*) FROM work_orders"));
    database.whileLocked(
        "work_orders",
        () -> {
          var down = (Reading.Down) run(asking, Duration.ofSeconds(2));
          assertThat(down.cause()).isEqualTo("query orders timed out after 2 s: it is locked");
          assertThat(down.measurements().numbers()).containsKey("latency");
          var other = new Query("metrics", "SELECT count(*) FROM agent_metrics");
          assertThat(run(database.asking(other))).isInstanceOf(Reading.Up.class);
        });
    assertThat(run(asking)).isInstanceOf(Reading.Up.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT pg_sleep(600)",
        "SELECT count(*) FROM generate_series(1, 1000000000000)",
        "SELECT 1 FROM (SELECT set_config('statement_timeout', '0', false)) AS x, pg_sleep(600)"
      })
  void aQueryWithoutEndIsDownInTimeAndEndedInTheServer(String sql) throws Exception {
    assertThat(run(database.asking(new Query("q", sql)), Duration.ofSeconds(2)))
        .isInstanceOfSatisfying(
            Reading.Down.class,
            it -> assertThat(it.cause()).isEqualTo("query q timed out after 2 s"));
    noSessions();
  }

  @Test
  void aTimeOutSwitchedOffByOneQueryHoldsForTheNext() throws Exception {
    var target =
        database.asking(
            new Query("off", "SELECT set_config('statement_timeout', '0', false)::float8"),
            new Query("q", "SELECT pg_sleep(600)"));
    assertThat(run(target, Duration.ofSeconds(2)).toString())
        .contains("query q timed out after 2 s");
    noSessions();
  }

  @Test
  void aFrozenServerIsDown() throws Exception {
    var target = database.asking(new Query("q", "SELECT 1"));
    database.whileFrozen(
        () ->
            assertThat(run(target, Duration.ofSeconds(1)))
                .isEqualTo(Words.down("timed out after 1 s")));
  }

  private static void noSessions() {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                database
                    .text("SELECT count(*) FROM pg_stat_activity WHERE usename = 'heartbeat'")
                    .equals("0"));
  }

  private static Reading run(PostgresTarget target) throws Exception {
    return run(target, PostgresNeighbour.PATIENT);
  }

  private static Reading run(PostgresTarget target, Duration within) throws Exception {
    return PostgresNeighbour.look(around -> PostgresCheck.of(target, around), within);
  }
}
