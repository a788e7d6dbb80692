package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.RedisProbing.PATIENCE;
import static io.nexus.heartbeat.check.RedisProbing.cause;
import static io.nexus.heartbeat.check.RedisProbing.key;
import static io.nexus.heartbeat.check.RedisProbing.measured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.net.Identity;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.SecretValue;
import io.nexus.heartbeat.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sentinels that watch a master and its replica, all of them real. */
class RedisSentinelsTest {
  /** So long that no sentinel makes a failover of its own in a test that is not about that. */
  private static final Duration NEVER = Duration.ofMinutes(10);

  private static Clients clients;
  private static RedisNeighbour master;
  private static SentinelNeighbours sentinels;

  @BeforeAll
  static void start() throws Exception {
    clients = Clients.create();
    master = new RedisNeighbour("maxmemory 100mb");
    sentinels = new SentinelNeighbours(3, master.port, NEVER);
    sentinels.meet();
  }

  @AfterAll
  static void stop() throws Exception {
    sentinels.close();
    master.close();
    clients.close();
  }

  @Test
  void theMasterIsMeasuredWhereTheSentinelsSayAndTheyAreCounted() throws Exception {
    var dialer = new OpenDialer();
    var target = new RedisTarget(sentinels.url(), null, null, null);

    var up = (Reading.Up) RedisProbing.check(clients, target, Secrets.NONE, dialer, PATIENCE);

    assertThat(up.measurements().numbers())
        .containsEntry("sentinels", 3.0)
        .containsEntry("sentinelsDown", 0.0)
        .containsKeys("latency", "memoryBytes", "memoryPercent", "clients", "replicas");
    assertThat(up.measurements().words())
        .containsEntry("role", "primary")
        .containsEntry("master", "127.0.0.1:" + master.port);
    // Also what they announce goes by the dialer, which judges it.
    assertThat(dialer.asked).containsExactlyInAnyOrder("s1", "s2", "s3", "127.0.0.1");
  }

  @Test
  void aNameThatTheyDoNotKnowIsAMistakeAndThoseThatTheyKnowAreTold() throws Exception {
    assertThat(look(sentinels.url().replace("#mymaster", "#cache")))
        .isEqualTo("Unknown: the sentinels know no master named 'cache': they watch mymaster");
  }

  @Test
  void noSentinelIsDown() throws Exception {
    var nobody = RedisNeighbour.freePort();
    var reading = check(SentinelNeighbours.url(List.of(nobody)), PATIENCE);
    assertThat(cause(reading))
        .isEqualTo(
            "Down: no sentinel can be asked: 1 of 1 sentinels down: s1:%d: connection refused"
                .formatted(nobody));
    assertThat(measured(reading).number("sentinelsDown")).hasValue(1);
  }

  @Test
  void aSentinelThatIsGoneIsImpairedAndTheMasterIsMeasured() throws Exception {
    var nobody = RedisNeighbour.freePort();
    var reading =
        check(
            SentinelNeighbours.url(List.of(sentinels.ports.get(0), sentinels.ports.get(1), nobody)),
            PATIENCE);
    assertThat(cause(reading))
        .isEqualTo("Impaired: 1 of 3 sentinels down: s3:%d: connection refused".formatted(nobody));
    assertThat(measured(reading).numbers())
        .containsEntry("sentinelsDown", 1.0)
        .containsKey("memoryPercent");
  }

  @Test
  void aFrozenSentinelLeavesTimeForTheMaster() throws Exception {
    var pid = RedisNeighbour.processId(sentinels.ports.getFirst());
    RedisCheckTest.signal("STOP", pid);
    try {
      var reading = check(sentinels.url(), Duration.ofSeconds(4));
      assertThat(cause(reading))
          .isEqualTo(
              "Impaired: 1 of 3 sentinels down: s1:%d: timed out"
                  .formatted(sentinels.ports.getFirst()));
      assertThat(measured(reading).words()).containsEntry("role", "primary");
    } finally {
      RedisCheckTest.signal("CONT", pid);
    }
  }

  @Test
  void withoutAQuorumForAFailoverItIsImpaired() throws Exception {
    try (var watched = new RedisNeighbour();
        var alone = new SentinelNeighbours(1, watched.port, NEVER)) {
      assertThat(look(alone.url()))
          .startsWith("Impaired: no failover is possible: NOQUORUM 1 usable");
    }
  }

  @Test
  void aMasterThatIsGoneBeforeTheFailoverIsDownByItsAddress() throws Exception {
    try (var gone = new RedisNeighbour();
        var watching = new SentinelNeighbours(1, gone.port, NEVER)) {
      gone.close();
      var reading = check(watching.url(), PATIENCE);
      assertThat(cause(reading))
          .isEqualTo(
              "Down: master 127.0.0.1:%d, as its sentinels say, is down: connection refused"
                  .formatted(gone.port));
      assertThat(measured(reading).numbers()).containsEntry("sentinelsDown", 0.0);
    }
  }

  @Test
  void aFrozenMasterIsDownWithinTheDeadline() throws Exception {
    try (var frozen = new RedisNeighbour();
        var watching = new SentinelNeighbours(1, frozen.port, NEVER)) {
      var pid = frozen.processId();
      RedisCheckTest.signal("STOP", pid);
      try {
        assertThat(cause(check(watching.url(), Duration.ofSeconds(2))))
            .isEqualTo(
                "Down: master 127.0.0.1:%d, as its sentinels say, is down: timed out after 2 s"
                    .formatted(frozen.port));
      } finally {
        RedisCheckTest.signal("CONT", pid);
      }
    }
  }

  @Test
  void aMasterThatSaysItIsAReplicaIsAFailoverInProgress() throws Exception {
    try (var demoted = new RedisNeighbour();
        var other = new RedisNeighbour();
        var watching = new SentinelNeighbours(1, demoted.port, NEVER)) {
      demoted.say("REPLICAOF 127.0.0.1 " + other.port);
      assertThat(check(watching.url(), PATIENCE))
          .isInstanceOfSatisfying(
              Reading.Impaired.class,
              it -> {
                assertThat(it.starting()).isTrue();
                assertThat(it.cause())
                    .isEqualTo(
                        "failover in progress: the sentinels name 127.0.0.1:%d as master, which"
                                .formatted(demoted.port)
                            + " says that it is a replica");
              });
    }
  }

  @Test
  void afterAFailoverTheNewMasterIsMeasured() throws Exception {
    try (var first = new RedisNeighbour();
        var second = new RedisNeighbour("replicaof 127.0.0.1 " + first.port);
        var watching = new SentinelNeighbours(3, first.port, Duration.ofSeconds(1))) {
      watching.meet();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  RedisNeighbour.say(watching.ports.getFirst(), "INFO sentinel")
                      .contains("slaves=1"));
      first.close();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                var reading = check(watching.url(), Duration.ofSeconds(10));
                assertThat(cause(reading)).isEqualTo("Up");
                assertThat(measured(reading).words())
                    .containsEntry("master", "127.0.0.1:" + second.port)
                    .containsEntry("role", "primary");
              });
    }
  }

  @Test
  void sentinelsThatDisagreeAreToldWithWhatTheySay() throws Exception {
    try (var other = new RedisNeighbour();
        var dissenter = new SentinelNeighbours(1, other.port, NEVER)) {
      assertThat(
              look(
                  SentinelNeighbours.url(
                      List.of(
                          dissenter.ports.getFirst(),
                          sentinels.ports.get(0),
                          sentinels.ports.get(1)))))
          .contains("Impaired: ")
          .contains(
              "sentinels disagree where the master is: 1 says 127.0.0.1:%d, 2 say 127.0.0.1:%d"
                  .formatted(other.port, master.port));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "of-master|of-sentinel|Up",
        "of-master|of-master|Unknown: s1:PORT: wrong password for user default: check sentinelPasswordFrom",
        "of-master||Unknown: s1:PORT: a password is required: set sentinelPasswordFrom",
        "of-sentinel|of-sentinel|Unknown: master 127.0.0.1:MASTER: wrong password for user default: check passwordFrom",
        "|of-sentinel|Unknown: master 127.0.0.1:MASTER: a password is required: set passwordFrom",
        "of-master|absent|Unknown: s1:PORT: Secret redis has no key absent"
      })
  void eachPasswordGoesWhereItBelongsAndAWrongOneIsNamed(
      String password, String ofSentinel, String expected) throws Exception {
    try (var locked = new RedisNeighbour("requirepass of-master");
        var watching =
            new SentinelNeighbours(
                1,
                locked.port,
                NEVER,
                "requirepass of-sentinel",
                "sentinel auth-pass mymaster of-master")) {
      var target =
          new RedisTarget(
              watching.url(),
              null,
              password == null ? null : key(password),
              null,
              ofSentinel == null ? null : key(ofSentinel),
              null);
      var secrets =
          RedisCheckTest.secrets(Map.of("of-master", "of-master", "of-sentinel", "of-sentinel"));
      var reading = RedisProbing.check(clients, target, secrets, new OpenDialer(), PATIENCE);
      assertThat(cause(reading).replaceFirst("Impaired: no failover is possible: .*", "Up"))
          .isEqualTo(
              expected
                  .replace("PORT", "" + watching.ports.getFirst())
                  .replace("MASTER", "" + locked.port));
    }
  }

  @Test
  void thePasswordDoesNotFollowTheSentinelsToAHostThatItsSecretDoesNotAllow() throws Exception {
    Secrets forNames =
        (from, host) -> {
          if (host.equals("127.0.0.1")) {
            throw new SecretUnavailable("Secret redis must not go to host " + host);
          }
          return SecretValue.of("not-for-everyone");
        };
    var target = new RedisTarget(sentinels.url(), null, key("password"), null);
    assertThat(cause(RedisProbing.check(clients, target, forNames, new OpenDialer(), PATIENCE)))
        .isEqualTo(
            "Unknown: master 127.0.0.1:%d: Secret redis must not go to host 127.0.0.1"
                .formatted(master.port));
  }

  @Test
  void aServerThatIsNoSentinelIsAMistake() throws Exception {
    assertThat(look(SentinelNeighbours.url(List.of(master.port))))
        .isEqualTo(
            "Unknown: s1:%d: is no sentinel but a server: sentinels mostly listen on port 26379"
                .formatted(master.port));
  }

  @Test
  void bothAreSpokenToByTlsAndServerNameIsForBoth() throws Exception {
    var identity = Identity.selfSigned("cache.test");
    try (var toMaster = RedisCheckTest.tls(identity, master.port);
        // It cannot talk to a port of TLS, and says where its master is all the same.
        var watching = new SentinelNeighbours(1, toMaster.port(), NEVER);
        var toSentinel = RedisCheckTest.tls(identity, watching.ports.getFirst())) {
      var url = "rediss-sentinel://cache.test:" + toSentinel.port() + "#mymaster";
      var secrets =
          RedisCheckTest.secrets(
              Map.of("ca", new String(identity.pem(), StandardCharsets.US_ASCII)));
      var named = new RedisTarget(url, null, null, new Tls(key("ca"), "cache.test", false));
      var unnamed = new RedisTarget(url, null, null, new Tls(key("ca"), null, false));
      assertThat(
              measured(RedisProbing.check(clients, named, secrets, new OpenDialer(), PATIENCE))
                  .words())
          .containsEntry("role", "primary");
      assertThat(cause(RedisProbing.check(clients, unnamed, secrets, new OpenDialer(), PATIENCE)))
          .isEqualTo(
              "Down: master 127.0.0.1:%d, as its sentinels say, is down: certificate is for"
                      .formatted(toMaster.port())
                  + " cache.test, not 127.0.0.1");
    }
  }

  private static String look(String url) throws Exception {
    return cause(check(url, PATIENCE));
  }

  private static Reading check(String url, Duration within) throws InterruptedException {
    return RedisProbing.check(clients, url, within);
  }
}
