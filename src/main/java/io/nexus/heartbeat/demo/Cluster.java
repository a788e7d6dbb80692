package io.nexus.heartbeat.demo;

import io.fabric8.kubernetes.client.Config;
import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.util.List;

/** Where the demo finds Kubernetes, and what is left of it afterwards: nothing. */
public sealed interface Cluster permits LocalCluster, ForeignCluster {

  /** Afterwards the namespace is there and empty, and the cluster knows HeartbeatMonitors. */
  void open(Screen screen) throws StageFailure, InterruptedException;

  /** Who sets the scene: not the operator, which has rights of its own. */
  Config admin();

  String namespace();

  /** How a person looks around: kubectl as it reaches this cluster, in the demo's namespace. */
  String kubectl();

  /** What a shell needs before {@link #kubectl}. */
  List<String> shell();

  /**
   * Takes away what {@link #open} made, also when that ended half way.
   *
   * @throws StageFailure something is left; the message says what, and how to remove it
   */
  void close() throws StageFailure, InterruptedException;
}
