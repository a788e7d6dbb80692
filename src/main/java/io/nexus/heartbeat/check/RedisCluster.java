package io.nexus.heartbeat.check;

import io.nexus.heartbeat.check.ClusterView.Node;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Share;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * A cluster as the nodes of the url see it, and each of its masters.
 *
 * @param server the way into a node
 */
record RedisCluster(List<RedisAddress> seeds, boolean tls, RedisPeer.At server) {
  /**
   * Each is asked in every check; a cluster of more is watched as a whole, not master by master.
   */
  private static final int MOST_MASTERS = 64;

  /** A mute node of the url costs half the time; the other half is for the masters. */
  Reading run(Deadline deadline) throws InterruptedException {
    var views =
        RedisAnswers.of(
            seeds.stream().map(server::peer).toList(),
            Share.half(deadline),
            talk -> ClusterView.of(talk, tls));
    if (views.said().isEmpty()) {
      return views.nothingSaid("no node of the url can be asked", "nodes", Measurements.NONE);
    }
    var best = best(views.said());
    var view = best.getValue();
    if (!view.serves()) {
      return new Reading.Down(notServed(best.getKey(), view), measured(view));
    }
    var masters = RedisAnswers.of(masters(view), deadline, RedisCheck::look);
    return together(views, view, masters);
  }

  /** One that is cut off from the others says fail where they say ok; clients go to those. */
  private static Map.Entry<RedisAddress, ClusterView> best(
      SequencedMap<RedisAddress, ClusterView> said) {
    return said.entrySet().stream()
        .filter(one -> one.getValue().serves())
        .findFirst()
        .orElseGet(said::firstEntry);
  }

  private static String notServed(RedisAddress seenBy, ClusterView view) {
    if (view.uncovered() == 0) {
      return "cluster_state is fail as " + seenBy + " sees it: it cannot reach most of the masters";
    }
    var failed =
        view.nodes().stream()
            .filter(node -> node.master() && node.serves() && node.down())
            .map(Node::name)
            .limit(3)
            .collect(Collectors.joining(", "));
    return "%d of %d hash slots are not served: %s"
        .formatted(
            view.uncovered(),
            ClusterView.SLOTS,
            view.failed() == 0
                ? "they are assigned to no node"
                : failed.isEmpty() ? "their node has failed" : failed + " failed");
  }

  private List<RedisPeer> masters(ClusterView view) {
    return view.nodes().stream()
        .filter(Node::working)
        .map(Node::address)
        .filter(Objects::nonNull)
        .distinct()
        .limit(MOST_MASTERS)
        .map(server::peer)
        .toList();
  }

  private static int serving(ClusterView view) {
    return (int) view.nodes().stream().filter(node -> node.master() && node.serves()).count();
  }

  private static Measurements measured(ClusterView view) {
    var nodes = view.nodes();
    return Measurements.NONE
        .with("nodes", nodes.size())
        .with("nodesDown", nodes.stream().filter(Node::down).count())
        .with("masters", serving(view))
        .with("replicas", nodes.stream().filter(n -> !n.master() && !n.down()).count())
        .with("slotsUncovered", view.uncovered());
  }

  private static Reading together(
      RedisAnswers<ClusterView> views, ClusterView view, RedisAnswers<Reading> masters) {
    var missing = serving(view) - masters.said().size();
    var measured = measured(view).and(new ClusterMasters(masters.said(), missing).measured());
    if (masters.said().isEmpty() && !masters.down().isEmpty()) {
      return new Reading.Down(
          "no master can be asked: " + masters.someDown("masters").orElse(""), measured);
    }
    var told = views.cannotBeTold().or(masters::cannotBeTold);
    if (told.isPresent()) {
      return told.get();
    }
    var troubles = new ArrayList<String>();
    var down = view.nodes().stream().filter(Node::down).map(Node::name).toList();
    if (!down.isEmpty()) {
      troubles.add(
          "%d of %d nodes down: %s%s"
              .formatted(
                  down.size(), view.nodes().size(), down.getFirst(), down.size() == 1 ? "" : " …"));
    }
    masters.someDown("masters").ifPresent(troubles::add);
    view.nodes().stream()
        .filter(node -> node.working() && node.address() == null)
        .findFirst()
        .ifPresent(node -> troubles.add("master " + node.name() + " has no address"));
    masters.firstImpaired().ifPresent(one -> troubles.add("master " + one));
    if (troubles.isEmpty()) {
      views.someDown("nodes of the url").or(views::firstImpaired).ifPresent(troubles::add);
    }
    views.said().entrySet().stream()
        .filter(one -> !one.getValue().serves())
        .findFirst()
        .ifPresent(
            one ->
                troubles.add(one.getKey() + " says that the cluster fails, others that it works"));
    var starting = masters.starting() || views.starting();
    for (var one : masters.said().entrySet()) {
      if (one.getValue() instanceof Reading.Impaired(var cause, _, var comesUp)) {
        troubles.add("master " + one.getKey() + ": " + cause);
        starting |= comesUp;
      }
    }
    return troubles.isEmpty()
        ? new Reading.Up(measured)
        : new Reading.Impaired(String.join("; ", troubles), measured, starting);
  }
}
