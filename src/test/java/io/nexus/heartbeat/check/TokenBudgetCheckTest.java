package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBudgetCheckTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static PostgresNeighbour database;

  @BeforeAll
  static void start() throws Exception {
    database = new PostgresNeighbour();
    database.sql("ALTER ROLE heartbeat SET TimeZone = 'Pacific/Auckland'"); // its day is not ours
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @BeforeEach
  void nothingUsed() throws Exception {
    database.sql("TRUNCATE agent_metrics");
  }

  @Test
  void whatWasUsedIsTheSumOfBothOfTodayAndOfTheLastHour() throws Exception {
    used("2026-11-23T23:59:59.999999Z", 1_000_000, 1_000_000);
    used("2026-11-24T00:00:00Z", 100, 20);
    used("2026-11-24T11:00:00Z", 3000, 0); // an hour ago, and so no longer within it
    used("2026-11-24T11:00:00.000001Z", 40_000, 5000);
    used("2026-11-25T00:00:00Z", 1_000_000, 1_000_000);
    var measured = measured(run(budget(100_000, "UTC"), NOON));
    assertThat(measured.number("tokensToday")).hasValue(48_120);
    assertThat(measured.number("percent").orElseThrow()).isCloseTo(48.12, within(1e-9));
    assertThat(measured.number("tokensPerHour")).hasValue(45_000);
  }

  @Test
  void withoutAnyItIsUpAtZero() throws Exception {
    var measured = measured(run(budget(100_000, "UTC"), NOON));
    assertThat(measured.numbers().values()).containsOnly(0.0);
  }

  @Test
  void justAfterMidnightTheLastHourReachesIntoYesterday() throws Exception {
    used("2026-11-23T23:30:00Z", 700, 0);
    used("2026-11-24T00:05:00Z", 30, 0);
    var measured = measured(run(budget(100, "UTC"), Instant.parse("2026-11-24T00:10:00Z")));
    assertThat(measured.number("tokensToday")).hasValue(30);
    assertThat(measured.number("tokensPerHour")).hasValue(730);
  }

  /** A microsecond around midnight where the clock goes forward, back, or from 00:00 to 01:00. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,    2026-11-24T12:00:00Z, 2026-11-23T23:00:00Z, 2026-11-24T23:00:00Z",
    "Europe/Berlin,    2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
    "Europe/Berlin,    2026-10-25T00:30:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
    "Europe/Berlin,    2026-10-25T22:59:59Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
    "Asia/Beirut,      2026-03-29T12:00:00Z, 2026-03-28T22:00:00Z, 2026-03-29T21:00:00Z",
    "America/Havana,   2026-11-01T12:00:00Z, 2026-11-01T04:00:00Z, 2026-11-02T05:00:00Z",
    "Pacific/Kiritimati, 2026-11-24T12:00:00Z, 2026-11-24T10:00:00Z, 2026-11-25T10:00:00Z",
    "Asia/Kathmandu,   2026-11-24T18:14:59Z, 2026-11-23T18:15:00Z, 2026-11-24T18:15:00Z"
  })
  void theDayIsThatOfItsZoneFromMidnightToMidnight(
      String zone, Instant now, Instant begin, Instant end) throws Exception {
    used(begin.minusNanos(1000).toString(), 1000, 0);
    used(begin.toString(), 1, 0);
    used(end.minusNanos(1000).toString(), 2, 0);
    used(end.toString(), 4000, 0);
    var measured = measured(run(budget(100, zone), now));
    assertThat(measured.number("tokensToday")).hasValue(3);
    assertThat(measured.rise().since()).isEqualTo(begin);
    assertThat(measured.rise().until()).isEqualTo(end);
  }

  @Test
  void sumsBeyondAnIntAreSums() throws Exception {
    for (var i = 0; i < 3; i++) {
      used("2026-11-24T10:00:00Z", Integer.MAX_VALUE, Integer.MAX_VALUE);
    }
    var measured = measured(run(budget(1, "UTC"), NOON));
    assertThat(measured.number("tokensToday")).hasValue(6.0 * Integer.MAX_VALUE);
    assertThat(measured.number("percent")).hasValue(600.0 * Integer.MAX_VALUE);
  }

  @Test
  void whatIsNotKnownOfARowIsNothing() throws Exception {
    database.sql(
        "INSERT INTO agent_metrics VALUES (NULL, 5, '2026-11-24T10:00:00Z'),"
            + " (7, NULL, '2026-11-24T10:00:00Z'), (9, 9, NULL)");
    assertThat(measured(run(budget(100, "UTC"), NOON)).number("tokensToday")).hasValue(12);
  }

  @Test
  void otherNamesAndTypesWillDo() throws Exception {
    database.sql(
        """
        CREATE SCHEMA usage;
        CREATE TABLE usage."Spent" ("in" bigint, "out" float8, "when" timestamp);
        INSERT INTO usage."Spent" VALUES (4000000000, 0.5, '2026-11-24 00:00:00'),
          (1, 1, '2026-11-23 23:59:59');
        GRANT USAGE ON SCHEMA usage TO heartbeat;
        GRANT SELECT ON usage."Spent" TO heartbeat""");
    var target =
        new TokenBudgetTarget(
            "postgres", 8_000_000_001L, "UTC", null, null, "usage", "Spent", "in", "out", "when");
    assertThat(measured(run(target, NOON)).number("tokensToday")).hasValue(4_000_000_000.5);
    database.sql("INSERT INTO usage.\"Spent\" VALUES (1, 'NaN', '2026-11-24 00:00:00')");
    assertThat(run(target, NOON))
        .isEqualTo(new Reading.Unknown("table Spent holds tokens that are no number"));
  }

  @Test
  void steadyUseIsForetoldInTheTargetsMessage() throws Exception {
    var target = ATarget.of("tokens", budget(1_000_000, "UTC")).build();
    used("2026-11-24T10:00:00Z", 500_000, 200_000);
    var known = Assessment.NONE;
    for (var minute = 0; minute <= 15; minute++) {
      var now = NOON.plus(Duration.ofMinutes(minute));
      used(now.toString(), 3000, 2000);
      var reading = run(budget(1_000_000, "UTC"), now);
      known = known.next(target, new Observation(now, Duration.ZERO, reading));
    }
    assertThat(known.level()).isEqualTo(Level.Healthy);
    assertThat(known.message()).isEqualTo("limit reached in 44 min");
    assertThat(known.measurements().number("minutesLeft")).hasValue(44);
  }

  @Test
  void aMissingTableOrRightIsUnknownAndNoBudgetThatIsExceeded() throws Exception {
    var target =
        new TokenBudgetTarget("postgres", 5L, null, null, null, null, "metrics", null, null, null);
    assertThat(run(target, NOON))
        .isEqualTo(
            new Reading.Unknown(
                "table metrics: relation \"metrics\" does not exist; user heartbeat looks in schema"
                    + " public of database postgres"));
    database.sql("CREATE TABLE secret AS SELECT * FROM agent_metrics");
    var secret =
        new TokenBudgetTarget("postgres", 5L, null, null, null, null, "secret", null, null, null);
    assertThat(run(secret, NOON).toString())
        .startsWith("Unknown[why=table secret: permission denied for table secret; user");
    var hidden =
        new TokenBudgetTarget(
            "postgres", 5L, null, null, null, "hidden", "metrics", null, null, null);
    database.sql("CREATE SCHEMA hidden CREATE TABLE metrics (prompt_tokens int)");
    assertThat(run(hidden, NOON).toString()).contains("permission denied for schema hidden");
  }

  @Test
  void aZoneThatIsNoneIsUnknown() throws Exception {
    assertThat(run(budget(5, "Europe/Berln"), NOON))
        .isEqualTo(
            new Reading.Unknown(
                "timeZone 'Europe/Berln' is not known; right would be such as Europe/Berlin"));
  }

  @Test
  void aLockedTableIsDownInTimeAndAFrozenOrStoppedServerIsNotItsMatter() throws Exception {
    var within = Duration.ofSeconds(2);
    database.whileLocked(
        "agent_metrics",
        () ->
            assertThat(run(budget(5, "UTC"), database.asking(), NOON, within))
                .isEqualTo(Words.down("table agent_metrics timed out after 2 s: it is locked")));
    database.whileFrozen(
        () ->
            assertThat(run(budget(5, "UTC"), database.asking(), NOON, within))
                .isEqualTo(
                    new Reading.Unknown("database postgres cannot be asked: timed out after 2 s")));
    PostgresTarget stopped;
    try (var other = new PostgresNeighbour()) {
      stopped = other.asking();
    }
    assertThat(run(budget(5, "UTC"), stopped, NOON, PostgresNeighbour.PATIENT))
        .isEqualTo(new Reading.Unknown("database postgres cannot be asked: connection refused"));
  }

  @Test
  void aWrongPasswordIsUnknown() throws Exception {
    var guarded = database.guarded("guarded", "right");
    assertThat(
            PostgresNeighbour.look(
                around -> new TokenBudgetCheck(budget(5, "UTC"), guarded, around, () -> NOON),
                RedisCheckTest.secrets(Map.of("password", "wrong")),
                PostgresNeighbour.PATIENT))
        .isEqualTo(
            new Reading.Unknown(
                "database postgres cannot be asked: password authentication failed for user"
                    + " guarded: check passwordFrom"));
  }

  private static void used(String at, int prompt, int completion) throws Exception {
    database.sql(
        "INSERT INTO agent_metrics VALUES (%d, %d, '%s')".formatted(prompt, completion, at));
  }

  private static TokenBudgetTarget budget(long dailyLimit, String zone) {
    return new TokenBudgetTarget(
        "postgres",
        dailyLimit,
        zone,
        new IntOrString("80%"),
        new IntOrString("100%"),
        null,
        null,
        null,
        null,
        null);
  }

  private static Measurements measured(Reading reading) {
    assertThat(reading).isInstanceOf(Reading.Up.class);
    return ((Reading.Up) reading).measurements();
  }

  private static Reading run(TokenBudgetTarget target, Instant now) throws Exception {
    return run(target, database.asking(), now, PostgresNeighbour.PATIENT);
  }

  private static Reading run(
      TokenBudgetTarget target, @Nullable PostgresTarget settings, Instant now, Duration within)
      throws Exception {
    return PostgresNeighbour.look(
        around -> new TokenBudgetCheck(target, settings, around, () -> now), within);
  }
}
