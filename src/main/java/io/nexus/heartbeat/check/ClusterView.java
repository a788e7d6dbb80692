package io.nexus.heartbeat.check;

import io.lettuce.core.protocol.CommandType;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as one of its nodes sees it.
 *
 * @param ok what cluster_state says
 * @param unassigned hash slots that no node has
 * @param failed hash slots whose node has failed
 */
record ClusterView(boolean ok, int unassigned, int failed, List<Node> nodes) {
  static final int SLOTS = 16384;

  /** More than the specification recommends (1000). */
  private static final int MOST_NODES = 2000;

  /**
   * @param address absent when it is not known
   * @param name the address, or else the id
   * @param serves it has slots
   * @param down it has failed, or this node gets no answer from it
   */
  record Node(
      @Nullable RedisAddress address, String name, boolean master, boolean serves, boolean down) {

    boolean working() {
      return master && serves && !down;
    }
  }

  int uncovered() {
    return unassigned + failed;
  }

  /** Without cluster-require-full-coverage the state is ok with slots that nobody serves. */
  boolean serves() {
    return ok && uncovered() == 0;
  }

  /**
   * @param named whether nodes are called by name, where they have one: a certificate is for it
   */
  static ClusterView of(RedisTalk talk, boolean named)
      throws RedisFailed, IOException, InterruptedException {
    var info = RedisInfo.parse(info(talk)).fields();
    var state = info.getOrDefault("cluster_state", "");
    var assigned = slots(info.get("cluster_slots_assigned"));
    var failed = slots(info.get("cluster_slots_fail"));
    if (!Set.of("ok", "fail").contains(state) || assigned < 0 || failed < 0) {
      throw new RedisFailed(Words.down("answered CLUSTER INFO without the state of a cluster"));
    }
    var nodes =
        talk.ask("CLUSTER NODES", CommandType.CLUSTER, "NODES")
            .lines()
            .limit(MOST_NODES)
            .flatMap(line -> node(line, talk, named).stream())
            .toList();
    if (nodes.isEmpty()) {
      throw new RedisFailed(Words.down("answered CLUSTER NODES without a node"));
    }
    return new ClusterView(state.equals("ok"), SLOTS - assigned, failed, nodes);
  }

  private static String info(RedisTalk talk) throws RedisFailed, IOException, InterruptedException {
    try {
      return talk.ask("CLUSTER INFO", CommandType.CLUSTER, "INFO");
    } catch (RedisFailed e) {
      if (e.said().contains("cluster support disabled")) {
        throw new RedisFailed(
            new Reading.Unknown("is not in cluster mode: write redis://, which is for one server"));
      }
      throw e;
    }
  }

  private static int slots(@Nullable String text) {
    var number = text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    return number <= SLOTS ? number : -1;
  }

  /**
   * {@code <id> <ip:port@busport[,hostname]> <flags> <master> <ping> <pong> <epoch> <link>
   * <slot>…}, see redis.io/docs/latest/commands/cluster-nodes.
   */
  private static Optional<Node> node(String line, RedisTalk talk, boolean named) {
    var parts = line.split(" ", 10);
    if (parts.length < 8) {
      return Optional.empty();
    }
    var flags = Set.copyOf(Arrays.asList(parts[2].split(",")));
    if (flags.contains("handshake")) {
      return Optional.empty();
    }
    var address = address(parts[1], talk.address(), named);
    var down = flags.contains("fail") || flags.contains("fail?") || flags.contains("noaddr");
    return Optional.of(
        new Node(
            address.orElse(null),
            address.map(RedisAddress::toString).orElseGet(() -> talk.words().clean(parts[0])),
            flags.contains("master"),
            parts.length > 8 && !parts[8].startsWith("["),
            down));
  }

  /** A node that has never been met does not know its own: it is where it was reached. */
  private static Optional<RedisAddress> address(String text, RedisAddress asked, boolean named) {
    var comma = text.split(",", 3);
    var place = comma[0].replaceFirst("@.*", "");
    var colon = place.lastIndexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    var ip = colon == 0 ? asked.host() : place.substring(0, colon);
    var host = named && comma.length > 1 && !comma[1].isEmpty() ? comma[1] : ip;
    return RedisAddress.announced(host, place.substring(colon + 1));
  }
}
