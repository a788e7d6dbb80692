package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedisNeighbourTest {
  @Test
  void aPortThatWasTakenMeanwhileIsNotTheEndOfIt() throws Exception {
    try (var taken = new RedisNeighbour()) {
      var ports = List.of(taken.port, RedisNeighbour.freePort()).iterator();
      try (var other = RedisNeighbour.somewhere(ports::next, port -> new RedisNeighbour(port))) {
        assertThat(other.say("PING")).isEqualTo("+PONG");
        assertThat(other.port).isNotEqualTo(taken.port);
      }
    }
  }
}
