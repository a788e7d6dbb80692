package io.nexus.heartbeat.operator.kubelet;

import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.check.DiskUsage;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.Kubelets;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.operator.kubelet.Summary.Claim;
import io.nexus.heartbeat.operator.kubelet.Summary.FileSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What the monitors of one namespace may know of it: its own claims, and any node. */
record SeenFrom(
    String namespace,
    Shared<String, KubeletClient.Told> summaries,
    Shared<String, Map<String, SortedSet<String>>> mounts)
    implements Kubelets {
  /** Of a claim that many nodes mount every kubelet tells the same. */
  private static final int MOST_NODES = 3;

  /** A kubelet goes on telling what it last knew of a volume that hangs. */
  private static final Duration TOO_OLD = Duration.ofMinutes(15);

  @Override
  public DiskUsage ofNode(DiskTarget.Node node, Deadline deadline)
      throws NotTold, InterruptedException {
    var told = summary(node.name(), deadline.remaining(), deadline);
    var found =
        switch (node.filesystem()) {
          case Root -> told.summary().root();
          case Image -> told.summary().image();
        };
    if (found == null) {
      throw new NotTold(
          "the kubelet of node %s does not tell of its file system %s"
              .formatted(node.name(), node.filesystem()));
    }
    return fresh(node.name(), found, told.at());
  }

  @Override
  public DiskUsage ofClaim(String claim, Deadline deadline) throws NotTold, InterruptedException {
    var nodes = nodesOf(claim, deadline);
    if (nodes.isEmpty()) {
      throw new NotTold(
          "no running pod of namespace %s mounts claim %s: a kubelet measures only what is mounted"
              .formatted(namespace, claim));
    }
    NotTold why = null;
    var left = Math.min(MOST_NODES, nodes.size());
    for (var node : nodes.stream().limit(MOST_NODES).toList()) {
      try {
        return on(node, claim, deadline.remaining().dividedBy(left--), deadline);
      } catch (NotTold e) {
        why = why == null ? e : why;
      }
    }
    throw why == null ? new NotTold("nobody was asked") : why;
  }

  private DiskUsage on(String node, String claim, Duration patience, Deadline deadline)
      throws NotTold, InterruptedException {
    var told = summary(node, patience, deadline);
    var found = told.summary().claims().get(new Claim(namespace, claim));
    if (found == null) {
      throw new NotTold(
          "the kubelet of node %s, where a pod mounts claim %s, has no figures of it: it has them a minute after the start, and none of hostPath volumes and block devices"
              .formatted(node, claim));
    }
    return fresh(node, found, told.at());
  }

  private SortedSet<String> nodesOf(String claim, Deadline deadline)
      throws NotTold, InterruptedException {
    try {
      return mounts
          .get(namespace, deadline.remaining())
          .getOrDefault(claim, Collections.emptySortedSet());
    } catch (TimeoutException _) {
      throw new NotTold(
          "the pods of namespace %s cannot be read: the API server: %s"
              .formatted(namespace, deadline.timedOut().getMessage()));
    }
  }

  private KubeletClient.Told summary(String node, Duration patience, Deadline deadline)
      throws NotTold, InterruptedException {
    try {
      return summaries.get(node, patience);
    } catch (TimeoutException _) {
      throw KubeletClient.unasked(
          node, deadline.timedOut().getMessage() + ", the API server's part included");
    }
  }

  private static DiskUsage fresh(String node, FileSystem found, @Nullable Instant now)
      throws NotTold {
    var age = found.age(now);
    if (age.compareTo(TOO_OLD) > 0) {
      throw new NotTold(
          "the kubelet of node %s measured it %d min ago, and not since: does it hang?"
              .formatted(node, age.toMinutes()));
    }
    return found.usage();
  }
}
