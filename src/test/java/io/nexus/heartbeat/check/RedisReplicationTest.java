package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A primary and its replica, both real. */
class RedisReplicationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Clients clients = Clients.create();

  @AfterEach
  void close() {
    clients.close();
  }

  @Test
  void aPrimaryCountsItsReplicasAndAReplicaSaysHowLongAgoItHeard() throws Exception {
    try (var primary = new RedisNeighbour();
        var replica = new RedisNeighbour("replicaof 127.0.0.1 " + primary.port)) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> up(primary).number("replicas").getAsDouble() == 1);
      var first = up(primary);
      assertThat(first.words()).containsEntry("role", "primary");
      assertThat(first.absent()).containsEntry("replicationLag", "it is a primary");

      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> up(replica).number("replicationLag").isPresent());
      var second = up(replica);
      assertThat(second.words()).containsEntry("role", "replica");
      assertThat(second.number("replicationLag").orElseThrow()).isBetween(0.0, 15.0);
      assertThat(second.absent()).containsEntry("replicas", "it is a replica");
    }
  }

  @Test
  void aReplicaWhosePrimaryIsGoneIsImpairedAndItsLagGrows() throws Exception {
    var primary = new RedisNeighbour();
    try (primary;
        var replica = new RedisNeighbour("replicaof 127.0.0.1 " + primary.port)) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> up(replica).number("replicationLag").isPresent());
      primary.close();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(read(replica))
                      .isInstanceOfSatisfying(
                          Reading.Impaired.class,
                          it -> {
                            assertThat(it.cause()).startsWith("replica has lost its primary");
                            assertThat(it.measurements().number("replicationLag").orElseThrow())
                                .isGreaterThanOrEqualTo(1);
                          }));
    }
  }

  private Measurements up(RedisNeighbour server) throws InterruptedException {
    return ((Reading.Up) read(server)).measurements();
  }

  private Reading read(RedisNeighbour server) throws InterruptedException {
    var target = new RedisTarget("redis://cache:" + server.port, null, null, null);
    var surroundings = new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, clients);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(PATIENCE)) {
      return RedisCheck.of(target, surroundings).run(deadline);
    }
  }
}
