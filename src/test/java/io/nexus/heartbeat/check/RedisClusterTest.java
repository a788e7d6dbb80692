package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.RedisProbing.PATIENCE;
import static io.nexus.heartbeat.check.RedisProbing.cause;
import static io.nexus.heartbeat.check.RedisProbing.key;
import static io.nexus.heartbeat.check.RedisProbing.measured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real cluster of three masters, and some that are broken in one way each. */
class RedisClusterTest {
  /** So long that no node is given up by the others in a test that is not about that. */
  private static final Duration NEVER = Duration.ofMinutes(10);

  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private static Path directory;
  private static Clients clients;
  private static ClusterNeighbours cluster;

  @BeforeAll
  static void start() throws Exception {
    clients = Clients.create();
    cluster = new ClusterNeighbours(directory, 3, NEVER);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
    clients.close();
  }

  @Test
  void nodesAndSlotsAreCountedAndEveryMasterIsMeasured() throws Exception {
    var dialer = new OpenDialer();
    var seed = ClusterNeighbours.url(List.of(port(0)));
    var target = new RedisTarget(seed, null, null, null);

    var up = (Reading.Up) RedisProbing.check(clients, target, Secrets.NONE, dialer, PATIENCE);

    assertThat(up.measurements().numbers())
        .containsEntry("nodes", 3.0)
        .containsEntry("nodesDown", 0.0)
        .containsEntry("masters", 3.0)
        .containsEntry("replicas", 0.0)
        .containsEntry("slotsUncovered", 0.0)
        .containsKeys("latency", "memoryBytes", "clients");
    assertThat(up.measurements().absent().get("memoryLimitBytes")).endsWith("maxmemory is not set");
    // Also what the seed names goes by the dialer, which judges it.
    assertThat(dialer.asked).containsExactly("n1", "127.0.0.1", "127.0.0.1", "127.0.0.1");
  }

  @Test
  void theFullestMasterIsNamed() throws Exception {
    limit("100mb", "1gb", "20mb");
    try {
      var measured = measured(check(cluster.url(), PATIENCE));
      assertThat(measured.words()).containsEntry("fullest", "127.0.0.1:" + port(2));
      assertThat(measured.number("memoryPercent").orElseThrow()).isBetween(1.0, 99.0);
      assertThat(measured.number("memoryLimitBytes")).hasValue((100 + 1024 + 20) * 1048576.0);
    } finally {
      limit("0", "0", "0");
    }
  }

  @Test
  void aNodeOfTheUrlThatIsGoneIsImpaired() throws Exception {
    var nobody = RedisNeighbour.freePort();
    assertThat(look(ClusterNeighbours.url(List.of(nobody, port(1)))))
        .isEqualTo(
            "Impaired: 1 of 2 nodes of the url down: n1:%d: connection refused".formatted(nobody));
  }

  @Test
  void noNodeOfTheUrlIsDown() throws Exception {
    var nobody = RedisNeighbour.freePort();
    assertThat(look(ClusterNeighbours.url(List.of(nobody))))
        .isEqualTo(
            "Down: no node of the url can be asked: 1 of 1 nodes down: n1:%d: connection refused"
                .formatted(nobody));
  }

  @Test
  void aMasterThatTheOthersHaveNotYetGivenUpIsImpaired() throws Exception {
    var pid = cluster.nodes.get(2).processId();
    RedisCheckTest.signal("STOP", pid);
    try {
      var reading = check(ClusterNeighbours.url(List.of(port(0), port(1))), Duration.ofSeconds(3));
      assertThat(cause(reading))
          .isEqualTo(
              "Impaired: 1 of 3 masters down: 127.0.0.1:%d: timed out after 3 s"
                  .formatted(port(2)));
      // The sum or the most of the others would let a threshold clear.
      assertThat(measured(reading).numbers()).containsEntry("masters", 3.0);
      for (var name : List.of("latency", "memoryBytes", "memoryPercent", "clients")) {
        assertThat(measured(reading).number(name)).isEmpty();
        assertThat(measured(reading).absent()).containsEntry(name, "1 master could not be asked");
      }
    } finally {
      RedisCheckTest.signal("CONT", pid);
    }
  }

  @Test
  void aFrozenNodeOfTheUrlLeavesTimeForTheMasters() throws Exception {
    var pid = cluster.nodes.get(0).processId();
    RedisCheckTest.signal("STOP", pid);
    try {
      var reading = check(cluster.url(), Duration.ofSeconds(4));
      assertThat(cause(reading))
          .isEqualTo(
              "Impaired: 1 of 3 masters down: 127.0.0.1:%d: timed out after 4 s"
                  .formatted(port(0)));
    } finally {
      RedisCheckTest.signal("CONT", pid);
    }
  }

  @Test
  void aStoppedMasterWithoutAReplicaIsDownWithItsSlots() throws Exception {
    try (var broken = new ClusterNeighbours(directory, 3, SOON)) {
      var gone = broken.nodes.get(1);
      gone.close();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                var reading = check(broken.url(), Duration.ofSeconds(10));
                assertThat(cause(reading))
                    .isEqualTo(
                        "Down: 5461 of 16384 hash slots are not served: 127.0.0.1:%d failed"
                            .formatted(gone.port));
                assertThat(measured(reading).numbers())
                    .containsEntry("slotsUncovered", 5461.0)
                    .containsEntry("nodesDown", 1.0)
                    .containsEntry("nodes", 3.0);
              });
    }
  }

  @Test
  void aStoppedReplicaIsImpaired() throws Exception {
    try (var broken = new ClusterNeighbours(directory, 3, SOON)) {
      var replica = broken.add(SOON);
      broken.meet();
      var masterId = broken.nodes.getFirst().say("CLUSTER MYID").split("\r\n", 2)[1];
      await()
          .atMost(PATIENCE)
          .until(() -> replica.say("CLUSTER REPLICATE " + masterId).equals("+OK"));
      replica.close();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                var reading =
                    check(
                        ClusterNeighbours.url(List.of(broken.nodes.getFirst().port)),
                        Duration.ofSeconds(10));
                assertThat(cause(reading))
                    .isEqualTo("Impaired: 1 of 4 nodes down: 127.0.0.1:%d".formatted(replica.port));
                assertThat(measured(reading).numbers())
                    .containsEntry("nodesDown", 1.0)
                    .containsEntry("slotsUncovered", 0.0);
              });
    }
  }

  @Test
  void aSlotThatNoNodeHasIsDownAlsoWhereTheClusterThinksItWorks() throws Exception {
    try (var holed = new ClusterNeighbours(directory, 1, SOON)) {
      var node = holed.nodes.getFirst();
      var said = "Down: %d of 16384 hash slots are not served: they are assigned to no node";
      node.say("CONFIG SET cluster-require-full-coverage no");
      holed.slots(0, "DELSLOTS", 7, 8);
      assertThat(node.say("CLUSTER INFO")).contains("cluster_state:ok");
      assertThat(look(holed.url())).isEqualTo(said.formatted(1));

      node.say("CONFIG SET cluster-require-full-coverage yes");
      holed.slots(0, "DELSLOTS", 8, 9);
      await().atMost(PATIENCE).until(() -> node.say("CLUSTER INFO").contains("state:fail"));
      assertThat(look(holed.url())).isEqualTo(said.formatted(2));
    }
  }

  @Test
  void aServerThatIsNotInClusterModeIsAMistake() throws Exception {
    try (var plain = new RedisNeighbour()) {
      assertThat(look(ClusterNeighbours.url(List.of(plain.port))))
          .isEqualTo(
              "Unknown: n1:%d: is not in cluster mode: write redis://, which is for one server"
                  .formatted(plain.port));
    }
  }

  @Test
  void aWrongPasswordIsUnknown() throws Exception {
    try (var locked = new RedisNeighbour("requirepass right")) {
      var url = ClusterNeighbours.url(List.of(locked.port));
      var target = new RedisTarget(url, null, key("wrong"), null);
      var secrets = RedisCheckTest.secrets(Map.of("wrong", "wrong"));
      assertThat(cause(RedisProbing.check(clients, target, secrets, new OpenDialer(), PATIENCE)))
          .isEqualTo(
              "Unknown: n1:%d: wrong password for user default: check passwordFrom"
                  .formatted(locked.port));
    }
  }

  private static int port(int node) {
    return cluster.nodes.get(node).port;
  }

  private static void limit(String... limits) throws Exception {
    for (var i = 0; i < limits.length; i++) {
      cluster.nodes.get(i).say("CONFIG SET maxmemory " + limits[i]);
    }
  }

  private static String look(String url) throws Exception {
    return cause(check(url, PATIENCE));
  }

  private static Reading check(String url, Duration within) throws InterruptedException {
    return RedisProbing.check(clients, url, within);
  }
}
