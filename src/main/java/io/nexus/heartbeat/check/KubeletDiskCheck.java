package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;

/**
 * How full a claim's volume or a node's file system is, by what the kubelet itself tells. It is the
 * file system that is watched, not the kubelet: while that cannot be asked nothing is known.
 */
record KubeletDiskCheck(Source source) implements Check {

  @FunctionalInterface
  interface Source {
    DiskUsage usage(Deadline deadline) throws NotTold, InterruptedException;
  }

  static Check of(DiskTarget disk, Kubelets kubelets) {
    var claim = disk.persistentVolumeClaim();
    var node = disk.node();
    if (claim != null) {
      return new KubeletDiskCheck(deadline -> kubelets.ofClaim(claim.claimName(), deadline));
    }
    return node == null
        ? _ -> new Reading.Unknown("nothing to look at: set persistentVolumeClaim or node")
        : new KubeletDiskCheck(deadline -> kubelets.ofNode(node, deadline));
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    try {
      return new Reading.Up(source.usage(deadline).measured());
    } catch (NotTold e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
  }
}
