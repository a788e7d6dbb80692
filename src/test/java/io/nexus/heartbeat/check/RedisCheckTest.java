package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Identity;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.SecretValue;
import io.nexus.heartbeat.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisCheckTest {
  private static final String PASSWORD = "s3cr3t-of-the-test";
  private static Clients clients;
  private static RedisNeighbour plain;
  private static RedisNeighbour locked;

  private final OpenDialer dialer = new OpenDialer();

  @BeforeAll
  static void start() throws Exception {
    clients = Clients.create();
    plain = new RedisNeighbour();
    locked =
        new RedisNeighbour(
            "requirepass " + PASSWORD,
            "maxmemory 100mb",
            "user reader on >" + PASSWORD + " ~* +ping",
            "user nobody on >" + PASSWORD + " ~* +info");
  }

  @AfterAll
  static void stop() throws Exception {
    plain.close();
    locked.close();
    clients.close();
  }

  @Test
  void tellsMemoryClientsVersionRoleAndLatency() throws Exception {
    var up = (Reading.Up) check("redis://cache:" + locked.port + "/2", null, "right", null);
    assertThat(up.measurements().numbers())
        .containsKeys("memoryBytes", "clients")
        .containsEntry("memoryLimitBytes", 104857600.0);
    assertThat(up.measurements().number("latency").orElseThrow()).isBetween(0.0, 10.0);
    assertThat(up.measurements().number("memoryPercent").orElseThrow()).isBetween(0.1, 50.0);
    assertThat(up.measurements().words()).containsEntry("role", "primary").containsKey("version");
  }

  @Test
  void withoutMaxmemoryThePercentageSaysWhyItIsAbsent() throws Exception {
    var up = (Reading.Up) check("redis://cache:" + plain.port);
    assertThat(up.measurements().absent()).containsEntry("memoryPercent", "maxmemory is not set");
  }

  @Test
  void theHostIsResolvedByTheDialerOnly() throws Exception {
    check("redis://no-such-name.invalid:" + plain.port);
    assertThat(dialer.asked).containsExactly("no-such-name.invalid");
  }

  @Test
  void wrongPasswordIsUnknownAndSaysWhoseItIs() throws Exception {
    assertThat(check("redis://cache:" + locked.port, null, "wrong", null))
        .isEqualTo(new Reading.Unknown("wrong password for user default: check passwordFrom"));
    assertThat(check("redis://cache:" + locked.port, "reader", "wrong", null))
        .isEqualTo(new Reading.Unknown("wrong password for user reader: check passwordFrom"));
  }

  @Test
  void missingPasswordIsUnknownAndSaysWhatToSet() throws Exception {
    assertThat(check("redis://cache:" + locked.port))
        .isEqualTo(new Reading.Unknown("a password is required: set passwordFrom"));
  }

  @Test
  void withoutTheRightToInfoPingSufficesAndTheNumbersSayWhy() throws Exception {
    var up = (Reading.Up) check("redis://cache:" + locked.port, "reader", "right", null);
    assertThat(up.measurements().absent())
        .containsEntry("memoryBytes", "user reader may not run INFO: allow +info");
    assertThat(up.measurements().numbers()).containsKey("latency");
  }

  @Test
  void withoutTheRightToPingItCannotTell() throws Exception {
    assertThat(check("redis://cache:" + locked.port, "nobody", "right", null))
        .isEqualTo(new Reading.Unknown("user nobody may not run PING: allow +ping"));
  }

  @Test
  void aDatabaseThatDoesNotExistIsAMistakeInTheUrl() throws Exception {
    assertThat(check("redis://cache:" + plain.port + "/99")).isInstanceOf(Reading.Unknown.class);
  }

  @Test
  void missingSecretIsUnknownWithItsMessage() throws Exception {
    assertThat(check("redis://cache:" + plain.port, null, "absent", null))
        .isEqualTo(new Reading.Unknown("Secret redis has no key absent"));
  }

  @Test
  void refusedIsDown() throws Exception {
    assertThat(check("redis://cache:" + RedisNeighbour.freePort()))
        .isEqualTo(Words.down("connection refused"));
  }

  @Test
  void anAddressThePolicyRefusesIsUnknown() throws Exception {
    assertThat(check("redis://refused.test:1")).isInstanceOf(Reading.Unknown.class);
    assertThat(check("redis://missing.test:1")).isEqualTo(Words.down("no such host: missing.test"));
  }

  @Test
  void tooManyClientsIsImpaired() throws Exception {
    try (var full = new RedisNeighbour("maxclients 1");
        var _ = new java.net.Socket("127.0.0.1", full.port)) {
      await()
          .atMost(20, TimeUnit.SECONDS)
          .untilAsserted(
              () ->
                  assertThat(check("redis://cache:" + full.port))
                      .isInstanceOfSatisfying(
                          Reading.Impaired.class,
                          it -> assertThat(it.cause()).isEqualTo("max number of clients reached")));
    }
  }

  @Test
  void aReplicaWithoutItsPrimaryIsImpaired() throws Exception {
    try (var replica = new RedisNeighbour("replicaof 127.0.0.1 " + RedisNeighbour.freePort())) {
      assertThat(check("redis://cache:" + replica.port))
          .isInstanceOfSatisfying(
              Reading.Impaired.class,
              it -> {
                assertThat(it.cause()).startsWith("replica has lost its primary 127.0.0.1");
                assertThat(it.measurements().words()).containsEntry("role", "replica");
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LOADING Redis is loading the dataset in memory,true",
    "MASTERDOWN Link with MASTER is down,false"
  })
  void loadingAndMasterDownAreImpaired(String error, boolean starting) throws Exception {
    try (var server = answering("-" + error + "\r\n")) {
      assertThat(check("redis://cache:" + server.port()))
          .isInstanceOfSatisfying(
              Reading.Impaired.class, it -> assertThat(it.starting()).isEqualTo(starting));
    }
  }

  @Test
  void aSilentServerIsDownWithinTheDeadline() throws Exception {
    try (var silent = ScriptedServer.unasked(ScriptedServer::hang)) {
      var begun = System.nanoTime();
      assertThat(check("redis://cache:" + silent.port(), Duration.ofSeconds(1)))
          .isEqualTo(Words.down("timed out after 1 s"));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void aFrozenServerIsDownWithinTheDeadline() throws Exception {
    try (var frozen = new RedisNeighbour()) {
      var pid = frozen.processId();
      signal("STOP", pid);
      try {
        assertThat(check("redis://cache:" + frozen.port, Duration.ofSeconds(1)))
            .isEqualTo(Words.down("timed out after 1 s"));
      } finally {
        signal("CONT", pid);
      }
    }
  }

  @Test
  void aBulkStringWithoutEndIsCutOff() throws Exception {
    try (var hostile =
        ScriptedServer.unasked(
            client -> {
              var out = client.getOutputStream();
              client.getInputStream().read(new byte[64]);
              out.write("$536870912\r\n".getBytes(StandardCharsets.US_ASCII));
              var chunk = new byte[65536];
              while (true) {
                out.write(chunk);
              }
            })) {
      assertThat(check("redis://cache:" + hostile.port()))
          .isEqualTo(Words.down("answered PING with more than 1024 KiB"));
    }
  }

  @Test
  void anArrayThatClaimsBillionsOfElementsIsNotBelieved() throws Exception {
    try (var hostile = answering("*2147483647\r\n$2147483647\r\n")) {
      assertThat(check("redis://cache:" + hostile.port(), Duration.ofSeconds(1)))
          .isInstanceOf(Reading.Down.class);
    }
  }

  @Test
  void aPasswordThatTheServerSendsBackIsNotShown() throws Exception {
    try (var hostile = answering("-ERR you said " + PASSWORD + "\r\n")) {
      assertThat(check("redis://cache:" + hostile.port(), null, "right", null).toString())
          .contains("you said ***")
          .doesNotContain(PASSWORD);
    }
  }

  @ParameterizedTest
  @CsvSource({"cache.test,true", "other.test,false"})
  void theCertificateMustBeForTheHostAsWritten(String host, boolean accepted) throws Exception {
    var identity = Identity.selfSigned("cache.test");
    try (var relay = tls(identity)) {
      var reading =
          check(
              "rediss://" + host + ":" + relay.port(), identity.pem(), new Tls(ca(), null, false));
      assertThat(reading).isInstanceOf(accepted ? Reading.Up.class : Reading.Down.class);
      if (reading instanceof Reading.Down down) {
        assertThat(down.cause()).isEqualTo("certificate is for cache.test, not other.test");
      }
    }
  }

  @Test
  void anAclUserWithAPasswordFromASecretIsServedOverTls() throws Exception {
    var identity = Identity.selfSigned("cache.test");
    try (var relay = tls(identity, locked.port)) {
      var url = "rediss://cache.test:" + relay.port();
      var tls = new Tls(ca(), null, false);
      var pem = new String(identity.pem(), StandardCharsets.US_ASCII);
      for (var key : List.of("right", "wrong")) {
        var from = new ValueFrom(new SecretKeyRef("redis", key));
        var reading =
            run(
                new RedisTarget(url, "reader", from, tls),
                secrets(Map.of("right", PASSWORD, "wrong", "wrong-" + PASSWORD, "ca", pem)),
                Duration.ofSeconds(20));
        assertThat(HttpProbing.words(reading))
            .isEqualTo(
                key.equals("right")
                    ? "Up"
                    : "Unknown: wrong password for user reader: check passwordFrom");
      }
    }
  }

  @Test
  void serverNameAndInsecureSkipVerifyAreObeyed() throws Exception {
    var identity = Identity.selfSigned("cache.test");
    try (var relay = tls(identity)) {
      var url = "rediss://other.test:" + relay.port();
      assertThat(check(url, identity.pem(), new Tls(ca(), "cache.test", false)))
          .isInstanceOf(Reading.Up.class);
      assertThat(check(url, identity.pem(), new Tls(null, null, true)))
          .isInstanceOf(Reading.Up.class);
      assertThat(check(url, identity.pem(), null))
          .isEqualTo(Words.down("certificate is signed by itself, which is an unknown authority"));
    }
  }

  @Test
  void aServerWithoutTlsIsNamed() throws Exception {
    // Redis waits for the end of a line that a handshake does not have.
    assertThat(check("rediss://cache:" + plain.port, Duration.ofSeconds(3)))
        .isInstanceOf(Reading.Down.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://cache,redis://",
    "redis://:" + PASSWORD + "@cache,passwordFrom",
    "redis://cache/x,database number",
    "redis://cache?socket=/tmp/x,no parameters",
    "'redis://a:1,b:2',no single host",
    "not a url,not a url"
  })
  void aBadUrlIsUnknownAndNotRepeated(String url, String hint) throws Exception {
    assertThat(check(url))
        .isInstanceOfSatisfying(
            Reading.Unknown.class,
            it -> assertThat(it.why()).contains(hint).doesNotContain(PASSWORD));
  }

  @Test
  void nothingIsLeftOpenAndNoThreadIsAdded() throws Exception {
    check("redis://cache:" + plain.port);
    var threads = Thread.getAllStackTraces().keySet().stream().filter(RedisCheckTest::ours).count();
    for (var i = 0; i < 50; i++) {
      assertThat(check("redis://cache:" + plain.port)).isInstanceOf(Reading.Up.class);
    }
    assertThat(Thread.getAllStackTraces().keySet().stream().filter(RedisCheckTest::ours).count())
        .isEqualTo(threads);
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              var up = (Reading.Up) check("redis://cache:" + plain.port);
              assertThat(up.measurements().number("clients")).hasValue(1);
            });
  }

  private static boolean ours(Thread thread) {
    return thread.getName().contains("redis") || thread.getName().contains("lettuce");
  }

  private static ScriptedServer answering(String answer) throws Exception {
    return ScriptedServer.unasked(
        client -> {
          client.getInputStream().read(new byte[512]);
          client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
          ScriptedServer.hang(client);
        });
  }

  private static ScriptedServer tls(Identity identity) throws Exception {
    return tls(identity, plain.port);
  }

  /** TLS in front of a real server. */
  static ScriptedServer tls(Identity identity, int port) throws Exception {
    return ScriptedServer.unasked(
        identity.listen(),
        client -> {
          try (var inner = new java.net.Socket("127.0.0.1", port)) {
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        inner.getInputStream().transferTo(client.getOutputStream());
                      } catch (java.io.IOException _) {
                        // One side went away.
                      }
                    });
            client.getInputStream().transferTo(inner.getOutputStream());
          }
        });
  }

  static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
  }

  private static ValueFrom ca() {
    return new ValueFrom(new SecretKeyRef("redis", "ca"));
  }

  private Reading check(String url) throws Exception {
    return check(url, Duration.ofSeconds(20));
  }

  private Reading check(String url, Duration within) throws Exception {
    return run(new RedisTarget(url, null, null, null), Secrets.NONE, within);
  }

  private Reading check(String url, @Nullable String user, String key, @Nullable Tls tls)
      throws Exception {
    var from = new ValueFrom(new SecretKeyRef("redis", key));
    return run(
        new RedisTarget(url, user, from, tls),
        secrets(Map.of("right", PASSWORD, "wrong", "wrong-" + PASSWORD)),
        Duration.ofSeconds(20));
  }

  private Reading check(String url, byte[] ca, @Nullable Tls tls) throws Exception {
    return run(
        new RedisTarget(url, null, null, tls),
        secrets(Map.of("ca", new String(ca, StandardCharsets.US_ASCII))),
        Duration.ofSeconds(20));
  }

  static Secrets secrets(Map<String, String> values) {
    return (from, host) -> {
      var ref = from.secretKeyRef();
      var value = values.get(ref.key());
      if (value == null) {
        throw new SecretUnavailable("Secret " + ref.name() + " has no key " + ref.key());
      }
      return SecretValue.of(value);
    };
  }

  private Reading run(RedisTarget target, Secrets secrets, Duration within) throws Exception {
    var surroundings = new Surroundings(dialer, secrets, Endpoints.NONE, clients);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(within)) {
      var reading = RedisCheck.of(target, surroundings).run(deadline);
      assertThat(reading.toString()).doesNotContain(PASSWORD).doesNotContain("Exception");
      return reading;
    }
  }
}
