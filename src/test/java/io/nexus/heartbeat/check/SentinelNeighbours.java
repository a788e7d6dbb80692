package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.embedded.RedisSentinel;

/** Real sentinels, all of which watch the same port under the name mymaster. */
final class SentinelNeighbours implements AutoCloseable {
  private static final int QUORUM = 2;

  private final List<RedisSentinel> running = new ArrayList<>();
  final List<Integer> ports = new ArrayList<>();

  /**
   * @param settings in which mymaster is watched already
   */
  SentinelNeighbours(int many, int master, Duration downAfter, String... settings)
      throws IOException {
    for (var i = 0; i < many; i++) {
      var sentinel =
          RedisNeighbour.somewhere(
              RedisNeighbour::freePort, port -> started(port, master, downAfter, settings));
      running.add(sentinel);
      ports.add(sentinel.ports().getFirst());
    }
  }

  private static RedisSentinel started(int port, int master, Duration downAfter, String... settings)
      throws IOException {
    var builder =
        RedisSentinel.newRedisSentinel()
            .port(port)
            .bind("127.0.0.1")
            .setting("sentinel monitor mymaster 127.0.0.1 %d %d".formatted(master, QUORUM))
            .setting("sentinel down-after-milliseconds mymaster " + downAfter.toMillis())
            .setting("sentinel failover-timeout mymaster 2000");
    for (var setting : settings) {
      builder.setting(setting);
    }
    var sentinel = builder.build();
    sentinel.start();
    return sentinel;
  }

  /** Until they have heard of each other, which they do over the master. */
  void meet() {
    for (var port : ports) {
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(
              () ->
                  assertThat(RedisNeighbour.say(port, "SENTINEL CKQUORUM mymaster"))
                      .startsWith("+OK " + ports.size() + " usable"));
    }
  }

  /** {@code redis-sentinel://s1:…,s2:…/0#mymaster}. */
  String url() {
    return url(ports);
  }

  static String url(List<Integer> ports) {
    return IntStream.range(0, ports.size())
        .mapToObj(i -> "s" + (i + 1) + ":" + ports.get(i))
        .collect(Collectors.joining(",", "redis-sentinel://", "/0#mymaster"));
  }

  @Override
  public void close() throws IOException {
    for (var one : running) {
      one.stop();
    }
  }
}
