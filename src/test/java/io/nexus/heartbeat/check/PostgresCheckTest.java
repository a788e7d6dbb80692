package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PostgresTarget.PostgresTls;
import io.nexus.heartbeat.api.PostgresTarget.SslMode;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Identity;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.reading.Reading;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresCheckTest {
  private static final String PASSWORD = "s3cr3t-of-the-test";
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private static EmbeddedPostgres server;
  private static Identity identity;

  private final OpenDialer dialer = new OpenDialer();
  private final Map<String, String> secrets = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    identity = Identity.selfSigned("db.test");
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "20")
            .setDataDirectoryCustomizer(PostgresCheckTest::encrypt)
            .start();
    sql("CREATE ROLE nexus LOGIN PASSWORD '" + PASSWORD + "'");
    var hba = Path.of(text("SHOW hba_file"));
    sql("CREATE ROLE sealed LOGIN PASSWORD '" + PASSWORD + "'");
    Files.writeString(
        hba,
        "hostssl all sealed all scram-sha-256\nhostnossl all sealed all reject\n"
            + "host all nexus all scram-sha-256\n"
            + Files.readString(hba));
    sql("ALTER SYSTEM SET ssl = on"); // not of the command line, which could not be changed
    reloadedTo("on");
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                text("SELECT count(*) FROM pg_hba_file_rules WHERE 'nexus' = ANY(user_name)")
                    .equals("1"));
  }

  private static void encrypt(java.io.File data) {
    try {
      var owner = Files.getOwner(data.toPath());
      for (var file :
          Map.of("server.crt", identity.pem(), "server.key", identity.keyPem()).entrySet()) {
        var path = Files.write(data.toPath().resolve(file.getKey()), file.getValue());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        Files.setOwner(path, owner);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void tellsConnectionsVersionRoleAndLatency() throws Exception {
    var up = (Reading.Up) check(url("nexus", ""));
    assertThat(up.measurements().number("connectionsLimit")).hasValue(20);
    assertThat(up.measurements().number("connections").orElseThrow()).isBetween(1.0, 20.0);
    assertThat(up.measurements().numbers()).containsKeys("connectionsPercent", "latency");
    assertThat(up.measurements().words())
        .containsEntry("role", "primary")
        .hasEntrySatisfying("version", it -> assertThat(it).startsWith("14."));
    assertThat(dialer.asked).containsExactly("db.test");
  }

  @Test
  void connectionsInUseAreCountedAgainstMaxConnections() throws Exception {
    var before = connections();
    try (var _ = server.getPostgresDatabase().getConnection();
        var _ = server.getPostgresDatabase().getConnection();
        var _ = server.getPostgresDatabase().getConnection()) {
      assertThat(connections()).isEqualTo(before + 3);
    }
    await().atMost(20, TimeUnit.SECONDS).until(() -> connections() == before);
  }

  private double connections() throws Exception {
    var measured = ((Reading.Up) check(url("nexus", ""))).measurements();
    var used = measured.number("connections").orElseThrow();
    assertThat(measured.number("connectionsPercent")).hasValue(100 * used / 20);
    return used;
  }

  @ParameterizedTest
  @CsvSource({"Disable,false", "Prefer,true", "Require,true", "VerifyCA,true", "VerifyFull,true"})
  void aModeThatSaysSoIsEncrypted(SslMode mode, boolean encrypted) throws Exception {
    secrets.put("ca", new String(identity.pem(), StandardCharsets.US_ASCII));
    var reading =
        run(url("sealed", ""), from("password"), new PostgresTls(mode, from("ca")), PATIENT);
    if (encrypted) {
      assertThat(reading).isInstanceOf(Reading.Up.class);
    } else {
      assertThat(HttpProbing.words(reading)).startsWith("Unknown: pg_hba.conf rejects connection");
    }
  }

  @Test
  void aServerWithoutTlsIsUnknownToWhoAsksForIt() throws Exception {
    sql("ALTER SYSTEM SET ssl = off");
    try {
      reloadedTo("off");
      for (var mode : SslMode.values()) {
        var reading = run(url("nexus", ""), from("password"), new PostgresTls(mode, null), PATIENT);
        var demands = mode != SslMode.Disable && mode != SslMode.Prefer;
        assertThat(HttpProbing.words(reading))
            .isEqualTo(
                demands
                    ? "Unknown: the server does not offer TLS: set ssl = on there, or tls.mode:"
                        + " Disable here"
                    : "Up");
      }
    } finally {
      sql("ALTER SYSTEM SET ssl = on");
      reloadedTo("on");
    }
  }

  private static void reloadedTo(String ssl) throws Exception {
    sql("SELECT pg_reload_conf()");
    await().atMost(20, TimeUnit.SECONDS).until(() -> text("SHOW ssl").equals(ssl));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socketFactory=java.lang.Thread",
        "loggerFile=/tmp/smuggled",
        "options=-cstatement_timeout%3D0",
        "sslmode=require&sslfactory=java.lang.Thread",
        "host=other.test"
      })
  void aPropertyOfTheDriverIsRefusedBeforeAnythingIsOpened(String smuggled) throws Exception {
    assertThat(HttpProbing.words(check(url("nexus", "?" + smuggled))))
        .isEqualTo(
            "Unknown: url has a parameter that is not allowed; allowed are application_name,"
                + " connect_timeout, sslmode, target_session_attrs");
    secrets.put("uri", url("nexus:" + PASSWORD, "?" + smuggled));
    var target =
        new PostgresTarget(null, from("uri"), null, null, null, null, null, null, null, List.of());
    assertThat(HttpProbing.words(run(target, PATIENT)))
        .startsWith("Unknown: Secret db, key uri: url has a parameter that is not allowed");
    assertThat(dialer.asked).isEmpty();
  }

  @Test
  void whatIsAllowedArrivesAndNothingElse() throws Exception {
    var startUp = new AtomicReference<>("");
    try (var listening =
        ScriptedServer.unasked(
            client -> {
              var head = new DataInputStream(client.getInputStream());
              var packet = head.readNBytes(head.readInt() - 4);
              startUp.set(new String(packet, 4, packet.length - 4, StandardCharsets.UTF_8));
            })) {
      check(
          "postgresql://nexus@db.test:"
              + listening.port()
              + "/d?sslmode=disable&application_name=x%26options%3D-c&connect_timeout=9");
    }
    var fields = List.of(startUp.get().split("\0"));
    assertThat(fields).containsSubsequence("user", "nexus", "database", "d");
    assertThat(fields).containsSubsequence("application_name", "x&options=-c");
    assertThat(fields).doesNotContain("options");
  }

  @Test
  void noSessionIsLeftBehind() throws Exception {
    for (var i = 0; i < 30; i++) {
      assertThat(check(url("nexus", ""))).isInstanceOf(Reading.Up.class);
    }
    noSessions();
  }

  @Test
  void wrongPasswordMissingRoleAndMissingDatabaseAreUnknown() throws Exception {
    secrets.put("password", "wrong");
    assertThat(check(url("nexus", "")))
        .isEqualTo(
            new Reading.Unknown(
                "password authentication failed for user nexus: check passwordFrom"));
    secrets.put("password", PASSWORD);
    assertThat(run(url("nobody", ""), null, null, PATIENT))
        .isEqualTo(new Reading.Unknown("role \"nobody\" does not exist"));
    assertThat(check("postgresql://nexus@db.test:" + server.getPort() + "/nowhere"))
        .isEqualTo(new Reading.Unknown("database nowhere does not exist: check database"));
    assertThat(run(url("nexus", ""), null, null, PATIENT))
        .isEqualTo(new Reading.Unknown("a password is required for user nexus: set passwordFrom"));
  }

  @Test
  void tooManyConnectionsIsImpaired() throws Exception {
    sql("CREATE ROLE narrow LOGIN CONNECTION LIMIT 0");
    assertThat(run(url("narrow", ""), null, null, PATIENT))
        .isEqualTo(
            new Reading.Impaired(
                "too many connections for role \"narrow\"",
                io.nexus.heartbeat.reading.Measurements.NONE,
                false));
  }

  @ParameterizedTest
  @CsvSource({
    "Disable,db.test,false,true",
    "Prefer,other.test,false,true",
    "Require,other.test,false,true",
    "VerifyCA,other.test,true,true",
    "VerifyFull,db.test,true,true",
    "VerifyFull,other.test,true,false",
    "VerifyFull,db.test,false,false"
  })
  void tlsModesCheckWhatTheySay(SslMode mode, String host, boolean ca, boolean accepted)
      throws Exception {
    secrets.put("ca", new String(identity.pem(), StandardCharsets.US_ASCII));
    var tls = new PostgresTls(mode, ca ? from("ca") : null);
    var reading = run(url("nexus", "").replace("db.test", host), from("password"), tls, PATIENT);
    assertThat(reading).isInstanceOf(accepted ? Reading.Up.class : Reading.Down.class);
  }

  @Test
  void refusedIsDown() throws Exception {
    assertThat(check("postgresql://nexus@db.test:" + RedisNeighbour.freePort() + "/x"))
        .isEqualTo(Words.down("connection refused"));
  }

  @Test
  void missingSecretAndPasswordInTheUrlAreUnknown() throws Exception {
    assertThat(run(url("nexus", ""), from("absent"), null, PATIENT))
        .isEqualTo(new Reading.Unknown("Secret db has no key absent"));
    assertThat(check(url("nexus:" + PASSWORD, "")))
        .isEqualTo(new Reading.Unknown("url holds a password: use passwordFrom or urlFrom"));
  }

  @Test
  void aWrongPasswordIsLookedForWhereItIsDeclared() throws Exception {
    secrets.put("uri", url("nexus:wrong", ""));
    var target =
        new PostgresTarget(null, from("uri"), null, null, null, null, null, null, null, List.of());
    assertThat(run(target, PATIENT))
        .isEqualTo(
            new Reading.Unknown("password authentication failed for user nexus: check urlFrom"));
  }

  @Test
  void urlFromMayHoldThePassword() throws Exception {
    secrets.put("uri", url("nexus:" + PASSWORD, "?sslmode=require"));
    var target =
        new PostgresTarget(null, from("uri"), null, null, null, null, null, null, null, List.of());
    assertThat(run(target, PATIENT)).isInstanceOf(Reading.Up.class);
  }

  @Test
  void aSessionOfTheWrongRoleIsDown() throws Exception {
    assertThat(check(url("nexus", "?target_session_attrs=standby")))
        .isInstanceOf(Reading.Down.class);
  }

  @Test
  void aFrozenServerIsDownWithinTheDeadlineAndKeepsNoSession() throws Exception {
    var pid =
        Long.parseLong(
            Files.readAllLines(Path.of(text("SHOW data_directory"), "postmaster.pid")).getFirst());
    RedisCheckTest.signal("STOP", pid);
    try {
      timesOut();
    } finally {
      RedisCheckTest.signal("CONT", pid);
    }
    noSessions();
  }

  @Test
  void aLockedCatalogueIsDownWithinTheDeadlineAndKeepsNoSession() throws Exception {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE");
      timesOut();
      connection.rollback();
    }
    noSessions();
  }

  private void timesOut() throws Exception {
    secrets.put("password", PASSWORD);
    var begun = System.nanoTime();
    assertThat(run(url("nexus", ""), from("password"), null, Duration.ofSeconds(1)))
        .isEqualTo(Words.down("timed out after 1 s"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @CsvSource({"57P03,Impaired", "53300,Impaired", "42501,Unknown", "XX000,Down"})
  void theSqlstateDecides(String state, String expected) throws Exception {
    var fields = "SFATAL\0C" + state + "\0Msaid " + PASSWORD + "\0\0";
    try (var fake = answering(message('E', fields.getBytes(StandardCharsets.UTF_8)))) {
      var reading = check("postgresql://nexus@db.test:" + fake.port() + "/x?sslmode=disable");
      assertThat(reading.getClass().getSimpleName()).isEqualTo(expected);
      assertThat(reading.toString()).contains("said ***");
    }
  }

  @Test
  void aMessageThatClaimsTwoGigabytesIsNotAllocated() throws Exception {
    var claim = ByteBuffer.allocate(5).put((byte) 'E').putInt(Integer.MAX_VALUE).array();
    try (var hostile = answering(claim)) {
      assertThat(check("postgresql://nexus@db.test:" + hostile.port() + "/x?sslmode=disable"))
          .isInstanceOfSatisfying(
              Reading.Down.class,
              it -> assertThat(it.cause()).contains("more than a health check"));
    }
  }

  @Test
  void noticesWithoutEndAreCutOff() throws Exception {
    var notice = message('N', "SNOTICE\0Mx\0\0".getBytes(StandardCharsets.UTF_8));
    try (var hostile =
        ScriptedServer.unasked(
            client -> {
              client.getInputStream().read(new byte[512]);
              while (true) {
                client.getOutputStream().write(notice);
              }
            })) {
      assertThat(check("postgresql://nexus@db.test:" + hostile.port() + "/x?sslmode=disable"))
          .isInstanceOf(Reading.Down.class);
    }
  }

  @Test
  void aServerThatNeverAnswersIsDownWithinTheDeadline() throws Exception {
    secrets.put("password", PASSWORD);
    try (var silent = ScriptedServer.unasked(ScriptedServer::hang)) {
      assertThat(
              run(
                  "postgresql://nexus@db.test:" + silent.port() + "/x",
                  from("password"),
                  null,
                  Duration.ofSeconds(1)))
          .isEqualTo(Words.down("timed out after 1 s"));
    }
  }

  private static ScriptedServer answering(byte[] answer) throws Exception {
    return ScriptedServer.unasked(
        client -> {
          client.getInputStream().read(new byte[512]);
          client.getOutputStream().write(answer);
          ScriptedServer.hang(client);
        });
  }

  private static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  private static void noSessions() {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'heartbeat'")
                    .equals("0"));
  }

  private static String url(String login, String parameters) {
    return "postgresql://" + login + "@db.test:" + server.getPort() + "/postgres" + parameters;
  }

  private static ValueFrom from(String key) {
    return new ValueFrom(new SecretKeyRef("db", key));
  }

  private Reading check(String url) throws Exception {
    secrets.putIfAbsent("password", PASSWORD);
    return run(url, from("password"), null, PATIENT);
  }

  private Reading run(
      String url, @Nullable ValueFrom password, @Nullable PostgresTls tls, Duration within)
      throws Exception {
    secrets.putIfAbsent("password", PASSWORD);
    return run(
        new PostgresTarget(url, null, null, null, null, null, null, password, tls, List.of()),
        within);
  }

  private Reading run(PostgresTarget target, Duration within) throws Exception {
    try (var clients = Clients.create();
        var deadlines = new Deadlines();
        var deadline = deadlines.start(within)) {
      var surroundings =
          new Surroundings(dialer, RedisCheckTest.secrets(secrets), Endpoints.NONE, clients);
      var reading = PostgresCheck.of(target, surroundings).run(deadline);
      assertThat(reading.toString()).doesNotContain(PASSWORD).doesNotContain("Exception");
      return reading;
    }
  }

  private static void sql(String sql) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(String sql) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
