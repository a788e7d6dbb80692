package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real nodes of one cluster, among which the slots are divided. */
final class ClusterNeighbours implements AutoCloseable {
  private static final int SLOTS = 16384;

  /** A command on one line has at most 64 KiB. */
  private static final int SLOTS_A_LINE = 8192;

  /** The nodes talk to each other on a port that is so much further. */
  private static final int TO_BUS = 10_000;

  final List<RedisNeighbour> nodes = new ArrayList<>();
  private final Path directory;

  ClusterNeighbours(Path directory, int masters, Duration timeout) throws IOException {
    this.directory = directory;
    for (var i = 0; i < masters; i++) {
      add(timeout).say("CLUSTER SET-CONFIG-EPOCH " + (i + 1));
    }
    for (var i = 0; i < masters; i++) {
      slots(i, "ADDSLOTS", i * SLOTS / masters, (i + 1) * SLOTS / masters);
    }
    meet();
  }

  RedisNeighbour add(Duration timeout) throws IOException {
    var node = RedisNeighbour.somewhere(ClusterNeighbours::port, port -> node(port, timeout));
    nodes.add(node);
    return node;
  }

  private RedisNeighbour node(int port, Duration timeout) throws IOException {
    var home = Files.createTempDirectory(directory, "node");
    return new RedisNeighbour(
        port, "cluster-enabled yes", "cluster-node-timeout " + timeout.toMillis(), "dir " + home);
  }

  /** One of which also the port of the bus is free. */
  private static int port() throws IOException {
    while (true) {
      var port = RedisNeighbour.freePort();
      if (port + TO_BUS <= 65_535 && isFree(port + TO_BUS)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  void slots(int node, String change, int from, int to) throws IOException {
    for (var begin = from; begin < to; begin += SLOTS_A_LINE) {
      var line =
          IntStream.range(begin, Math.min(to, begin + SLOTS_A_LINE))
              .mapToObj(String::valueOf)
              .collect(Collectors.joining(" ", "CLUSTER " + change + " ", ""));
      assertThat(nodes.get(node).say(line)).isEqualTo("+OK");
    }
  }

  /** Until each knows all of them, and that all is well. */
  void meet() throws IOException {
    for (var node : nodes) {
      nodes.getFirst().say("CLUSTER MEET 127.0.0.1 " + node.port);
    }
    for (var node : nodes) {
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(
              () ->
                  assertThat(node.say("CLUSTER INFO"))
                      .contains("cluster_state:ok", "cluster_known_nodes:" + nodes.size() + "\r"));
    }
  }

  String url() {
    return url(nodes.stream().map(node -> node.port).toList());
  }

  static String url(List<Integer> ports) {
    return IntStream.range(0, ports.size())
        .mapToObj(i -> "n" + (i + 1) + ":" + ports.get(i))
        .collect(Collectors.joining(",", "redis-cluster://", ""));
  }

  @Override
  public void close() throws IOException {
    for (var node : nodes) {
      node.close();
    }
  }
}
