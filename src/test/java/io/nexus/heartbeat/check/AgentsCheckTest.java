package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PostgresTarget.Query;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentsCheckTest {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private static PostgresNeighbour database;

  @BeforeAll
  static void start() throws Exception {
    database = new PostgresNeighbour();
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @BeforeEach
  void noOrders() throws Exception {
    database.sql("TRUNCATE work_orders");
  }

  @Test
  void withoutStuckOrdersItIsUp() throws Exception {
    var none = (Reading.Up) run(agents());
    assertThat(none.measurements().number("stuck")).hasValue(0);
    assertThat(none.measurements().number("oldestAge")).hasValue(0);

    order("busy", "in_progress", "now() - interval '4 minutes'");
    order("waits", "open", "now() - interval '4 days'");
    order("done", "done", "now() - interval '4 days'");
    order("ahead", "in_progress", "now() + interval '1 minute'");
    var busy = (Reading.Up) run(agents());
    assertThat(busy.measurements().number("stuck")).hasValue(0);
    assertThat(busy.measurements().number("oldestAge").orElseThrow()).isBetween(240.0, 300.0);
  }

  @Test
  void stuckOrdersAreCountedAndNamedTheOldestFirst() throws Exception {
    order("wo-2", "in_progress", "now() - interval '6 minutes'");
    order("wo-1", "in_progress", "now() - interval '2 hours'");
    order("wo-3", "in_progress", "now() - interval '1 minute'");
    var stuck = (Reading.Impaired) run(agents());
    assertThat(stuck.cause())
        .matches(
            "2 work orders were not touched for 5m or longer, the oldest for 2h(\\d+s)?:"
                + " wo-1, wo-2");
    assertThat(stuck.starting()).isFalse();
    assertThat(stuck.measurements().number("stuck")).hasValue(2);
    assertThat(stuck.measurements().number("oldestAge").orElseThrow()).isBetween(7200.0, 7260.0);
  }

  /** The views take their times from the transaction in which the check asks. */
  @ParameterizedTest
  @CsvSource({
    "5m,     5 minutes,                    1",
    "5m,     4 minutes 59.999999 seconds,  0",
    "5m,     5 minutes 0.000001 seconds,   1",
    "1s,     1 second,                     1",
    "1s,     0.999999 seconds,             0",
    "36h,    36 hours,                     1",
    "36h,    35:59:59.999999,              0",
    "1500ms, 1.5 seconds,                  1",
    "1500ms, 1.499999 seconds,             0"
  })
  void anOrderIsStuckExactlyAtTheLimit(String stuckAfter, String age, int stuck) throws Exception {
    database.sql(
        "CREATE OR REPLACE VIEW edge AS SELECT 'e' AS id, 'in_progress' AS status, now() - interval"
            + " '%s' AS updated_at; GRANT SELECT ON edge TO heartbeat".formatted(age));
    var limit = Duration.parse("PT" + stuckAfter.replace("1500ms", "1.5s"));
    var reading = run(agents(limit, null, "edge", "status", List.of("in_progress"), 10));
    assertThat(numbers(reading, "stuck")).isEqualTo(stuck);
    assertThat(reading).isInstanceOf(stuck == 0 ? Reading.Up.class : Reading.Impaired.class);
  }

  @Test
  void aMessageNamesOnlySoManyAndNoneTooLong() throws Exception {
    database.sql(
        "INSERT INTO work_orders SELECT 'wo-' || lpad(n::text, 3, '0') || repeat('x', 9000),"
            + " 'in_progress', now() - interval '1 hour' FROM generate_series(1, 500) n");
    var twenty = run(agents(FIVE_MINUTES, null, "work_orders", "status", begun(), 20));
    assertThat(((Reading.Impaired) twenty).cause())
        .startsWith("500 work orders were not touched for 5m or longer")
        .contains(": wo-001x", ", wo-020x")
        .endsWith(" and 480 more")
        .hasSizeLessThan(1000);
    var none = run(agents(FIVE_MINUTES, null, "work_orders", "status", begun(), 0));
    assertThat(((Reading.Impaired) none).cause()).matches(".*, the oldest for 1h(\\d+s)?");
  }

  @Test
  void whatAnIdHoldsDoesNotBreakOutOfTheMessage() throws Exception {
    order("a\nb\u202ec\u001b[2J", "in_progress", "now() - interval '1 hour'");
    order("d", "in_progress", "now() - interval '30 minutes'");
    assertThat(((Reading.Impaired) run(agents())).cause())
        .doesNotContain("\n", "\u202e", "\u001b")
        .matches(".*: a b.*, d");
  }

  @Test
  void identifiersAreQuotedAndValuesBound() throws Exception {
    database.sql(
        """
        CREATE SCHEMA IF NOT EXISTS "Ops; DROP";
        CREATE TABLE "Ops; DROP"."We?rd""{tab}" ("I d" uuid, "st:ate" text, "at'" timestamptz);
        INSERT INTO "Ops; DROP"."We?rd""{tab}"
          VALUES (gen_random_uuid(), '''); DROP TABLE work_orders; --', now() - interval '1 day');
        GRANT USAGE ON SCHEMA "Ops; DROP" TO heartbeat;
        GRANT SELECT ON "Ops; DROP"."We?rd""{tab}" TO heartbeat""");
    var target =
        new AgentsTarget(
            "postgres",
            FIVE_MINUTES,
            "Ops; DROP",
            "We?rd\"{tab}",
            "I d",
            "st:ate",
            "at'",
            List.of("'); DROP TABLE work_orders; --", "other"),
            10);
    assertThat(numbers(run(target), "stuck")).isEqualTo(1);
    assertThat(database.text("SELECT count(*) FROM work_orders")).isEqualTo("0");
  }

  @Test
  void aTimeWithoutZoneIsTakenForUtcWhateverTheServersZone() throws Exception {
    database.sql(
        """
        CREATE TYPE state AS ENUM ('open', 'in_progress');
        CREATE TABLE naive (id int, status state, updated_at timestamp);
        INSERT INTO naive VALUES (7, 'in_progress', now() AT TIME ZONE 'UTC' - interval '1 hour');
        GRANT SELECT ON naive TO heartbeat;
        ALTER ROLE heartbeat SET TimeZone = 'Asia/Tokyo'""");
    try {
      var reading = run(agents(FIVE_MINUTES, null, "naive", "status", begun(), 10));
      assertThat(numbers(reading, "oldestAge")).isBetween(3600.0, 3660.0);
      assertThat(((Reading.Impaired) reading).cause()).endsWith(": 7");
      assertThat(run(agents(FIVE_MINUTES, null, "naive", "status", List.of("stuck"), 10)))
          .isEqualTo(
              new Reading.Unknown("table naive: invalid input value for enum state: \"stuck\""));
    } finally {
      database.sql("ALTER ROLE heartbeat RESET TimeZone");
    }
  }

  @Test
  void aMissingTableColumnSchemaOrRightIsUnknownAndSaysWhereAndForWhom() throws Exception {
    assertThat(run(agents(FIVE_MINUTES, null, "orders", "status", begun(), 10)))
        .isEqualTo(
            new Reading.Unknown(
                "table orders: relation \"orders\" does not exist; user heartbeat looks in schema"
                    + " public of database postgres"));
    assertThat(run(agents(FIVE_MINUTES, "ops", "work_orders", "status", begun(), 10)))
        .isEqualTo(
            new Reading.Unknown(
                "table ops.work_orders: relation \"ops.work_orders\" does not exist; user heartbeat"
                    + " looks in schema ops of database postgres"));
    assertThat(run(agents(FIVE_MINUTES, null, "work_orders", "state", begun(), 10)))
        .isEqualTo(
            new Reading.Unknown(
                "table work_orders: column \"state\" does not exist; user heartbeat looks in schema"
                    + " public of database postgres"));
    assertThat(run(agents(FIVE_MINUTES, null, "salaries", "amount", begun(), 10)))
        .isInstanceOf(Reading.Unknown.class);
    database.sql("CREATE TABLE IF NOT EXISTS secret AS SELECT * FROM work_orders");
    assertThat(run(agents(FIVE_MINUTES, null, "secret", "status", begun(), 10)))
        .isEqualTo(
            new Reading.Unknown(
                "table secret: permission denied for table secret; user heartbeat looks in schema"
                    + " public of database postgres and may not read this: GRANT SELECT, as"
                    + " docs/postgres-role.sql does"));
  }

  @Test
  void aLockedTableIsDownInTimeForWhoAsksForItAndNobodyElse() throws Exception {
    database.whileLocked(
        "work_orders",
        () -> {
          assertThat(run(agents(), database.asking(), Duration.ofSeconds(2)))
              .isEqualTo(Words.down("table work_orders timed out after 2 s: it is locked"));
          var other = new Query("metrics", "SELECT count(*) FROM agent_metrics");
          assertThat(
                  PostgresNeighbour.look(
                      around -> PostgresCheck.of(database.asking(other), around),
                      PostgresNeighbour.PATIENT))
              .isInstanceOf(Reading.Up.class);
        });
    assertThat(run(agents())).isInstanceOf(Reading.Up.class);
  }

  @Test
  void aTableThatIsTooSlowIsDownInTime() throws Exception {
    database.sql(
        "CREATE OR REPLACE VIEW slow AS SELECT id, status, updated_at FROM work_orders UNION ALL"
            + " SELECT pg_sleep(600)::text, 'in_progress', now(); GRANT SELECT ON slow TO"
            + " heartbeat");
    var slow = agents(FIVE_MINUTES, null, "slow", "status", begun(), 10);
    assertThat(run(slow, database.asking(), Duration.ofSeconds(2)))
        .isEqualTo(Words.down("table slow timed out after 2 s"));
  }

  @Test
  void whileTheDatabaseIsFrozenNothingIsKnown() throws Exception {
    database.whileFrozen(
        () ->
            assertThat(run(agents(), database.asking(), Duration.ofSeconds(1)))
                .isEqualTo(
                    new Reading.Unknown("database postgres cannot be asked: timed out after 1 s")));
  }

  @Test
  void whileTheDatabaseCannotBeAskedNothingIsKnown() throws Exception {
    PostgresTarget stopped;
    try (var other = new PostgresNeighbour()) {
      stopped = other.asking();
    }
    assertThat(run(agents(), stopped, PostgresNeighbour.PATIENT))
        .isEqualTo(new Reading.Unknown("database postgres cannot be asked: connection refused"));
    assertThat(run(agents(), database.as("nobody"), PostgresNeighbour.PATIENT))
        .isEqualTo(
            new Reading.Unknown(
                "database postgres cannot be asked: role \"nobody\" does not exist"));
    assertThat(run(agents(), null, PostgresNeighbour.PATIENT))
        .isEqualTo(new Reading.Unknown("database 'postgres' is no postgres target here"));
  }

  @Test
  void aWrongPasswordIsTheDatabasesMistakeAndNotRepeated() throws Exception {
    var guarded = database.guarded("guarded", "the right one");
    var reading =
        PostgresNeighbour.look(
            around -> AgentsCheck.of(agents(), guarded, around),
            RedisCheckTest.secrets(Map.of("password", "s3cr3t#/@% ")),
            PostgresNeighbour.PATIENT);
    assertThat(reading)
        .isEqualTo(
            new Reading.Unknown(
                "database postgres cannot be asked: password authentication failed for user"
                    + " guarded: check passwordFrom"));
  }

  @Test
  void tooManyClientsOfTheRoleAreNoStuckAgents() throws Exception {
    database.sql("CREATE ROLE single LOGIN CONNECTION LIMIT 0");
    assertThat(run(agents(), database.as("single"), PostgresNeighbour.PATIENT))
        .isEqualTo(
            new Reading.Unknown(
                "database postgres cannot be asked: too many connections for role \"single\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_catalog.pg_authid", "pg_catalog.pg_roles"})
  void aSuperuserReadsNoTable(String table) throws Exception {
    var name = table.split("[.]");
    var target =
        new AgentsTarget(
            "postgres",
            FIVE_MINUTES,
            name[0],
            name[1],
            "rolpassword",
            "rolname",
            "rolvaliduntil",
            List.of("postgres"),
            10);
    assertThat(run(target, database.as("postgres"), PostgresNeighbour.PATIENT).toString())
        .contains("user postgres is a superuser");
  }

  private static void order(String id, String status, String updatedAt) throws Exception {
    database.sql(
        "INSERT INTO work_orders VALUES ('%s', '%s', %s)".formatted(id, status, updatedAt));
  }

  private static List<String> begun() {
    return List.of("in_progress");
  }

  /** As a person writes it: everything else is a default. */
  private static AgentsTarget agents() {
    return new AgentsTarget("postgres", null, null, null, null, null, null, null, null);
  }

  private static AgentsTarget agents(
      Duration stuckAfter,
      @Nullable String schema,
      String table,
      String statusColumn,
      List<String> states,
      int maxIds) {
    return new AgentsTarget(
        "postgres", stuckAfter, schema, table, null, statusColumn, null, states, maxIds);
  }

  private static double numbers(Reading reading, String name) {
    var measured =
        reading instanceof Reading.Impaired(var _, var all, var _)
            ? all
            : ((Reading.Up) reading).measurements();
    return measured.number(name).orElseThrow();
  }

  private static Reading run(AgentsTarget target) throws Exception {
    return run(target, database.asking(), PostgresNeighbour.PATIENT);
  }

  private static Reading run(
      AgentsTarget target, @Nullable PostgresTarget settings, Duration within) throws Exception {
    return PostgresNeighbour.look(around -> AgentsCheck.of(target, settings, around), within);
  }
}
