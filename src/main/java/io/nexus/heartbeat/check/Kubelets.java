package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.net.Deadline;

/** What the kubelets of the cluster measure, as far as a monitor of one namespace may see it. */
public interface Kubelets {

  /**
   * The volume of a claim of the monitor's namespace.
   *
   * @throws NotTold saying what is missing (a right, a pod that mounts it, its kubelet) and how to
   *     mend it
   */
  DiskUsage ofClaim(String claim, Deadline deadline) throws NotTold, InterruptedException;

  /**
   * A file system of a node.
   *
   * @throws NotTold saying what is missing (a right, the node, its kubelet) and how to mend it
   */
  DiskUsage ofNode(DiskTarget.Node node, Deadline deadline) throws NotTold, InterruptedException;

  /** Nobody may ask them. */
  static Kubelets refused(String why) {
    return new Kubelets() {
      @Override
      public DiskUsage ofClaim(String claim, Deadline deadline) throws NotTold {
        throw new NotTold("claim " + claim + ": " + why + "; or set prometheus");
      }

      @Override
      public DiskUsage ofNode(DiskTarget.Node node, Deadline deadline) throws NotTold {
        throw new NotTold("node " + node.name() + ": " + why);
      }
    };
  }

  /** Without Kubernetes there are none. */
  Kubelets NONE = refused("kubelets are asked only by the operator in Kubernetes");
}
