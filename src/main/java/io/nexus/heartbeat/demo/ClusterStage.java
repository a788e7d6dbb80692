package io.nexus.heartbeat.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.net.Cidr;
import io.nexus.heartbeat.operator.ApiServer;
import io.nexus.heartbeat.operator.CannotStart;
import io.nexus.heartbeat.operator.Operator;
import io.nexus.heartbeat.operator.Reviews;
import io.nexus.heartbeat.operator.Settings;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.wiring.ClusterOutside;
import io.nexus.heartbeat.wiring.ClusterReaders;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster, and the operator in this process, with the rights that we ship and no more. What is
 * watched is on this machine; what is repaired, the gateway's Deployment, is in the cluster.
 */
public final class ClusterStage implements Stage {
  private final Cluster cluster;
  private final Path roles;
  private final Path directory;
  private final Mask mask;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable SharedIndexInformer<HeartbeatMonitor> monitors;
  private @Nullable SharedIndexInformer<Pod> pods;
  private @Nullable Neighbours neighbours;
  private @Nullable InetSocketAddress metrics;
  private volatile Set<String> hung = Set.of();

  /**
   * @param root of the clone, which has k8s
   * @param directory for the monitor's file
   */
  public ClusterStage(Cluster cluster, Path root, Path directory, Mask mask) {
    this.cluster = cluster;
    this.roles = root.resolve("k8s").resolve("operator-roles.yaml");
    this.directory = directory;
    this.mask = mask;
  }

  @Override
  public void open(Neighbours watched, Screen screen) throws StageFailure, InterruptedException {
    neighbours = watched;
    opened.push(cluster::close); // also of what it opened half way
    cluster.open(screen);
    var namespace = cluster.namespace();
    try {
      var admin = opened(client(cluster.admin()));
      var props = new Props(admin, namespace);
      props.operator(roles);
      props.secrets(watched.secrets());
      props.gateway();
      screen.note("waiting for the gateway's 3 pods");
      props.awaitGateway();
      pods = opened(admin.pods().inNamespace(namespace).withLabel("app", Props.GATEWAY).inform());
      monitors = opened(admin.resources(HeartbeatMonitor.class).inNamespace(namespace).inform());
      startOperator(props.asOperator(cluster.admin()));
      var file = directory.resolve("monitor.yaml");
      Files.writeString(file, watched.monitor(namespace));
      var monitor = MonitorFile.parse(file.toString(), Files.readString(file)).monitors();
      admin.resource(monitor.getFirst()).create();
      screen.note("applied " + file);
    } catch (KubernetesClientException e) {
      throw new StageFailure(ApiFailure.words(e));
    } catch (IOException | CannotStart e) {
      throw new StageFailure(String.valueOf(e.getMessage()));
    }
  }

  private void startOperator(Config rights) throws CannotStart, IOException {
    var client = opened(client(rights));
    var machinery = opened(new Machinery("demo", mask));
    var allowed = List.of(Cidr.parse("127.0.0.0/8"));
    var settings =
        new Settings(
            List.of(cluster.namespace()), false, null, List.of("127.0.0.0/8"), 0, "demo", "demo");
    var operator =
        opened(
            new Operator(
                client,
                settings,
                new ClusterOutside(machinery, allowed, "cluster.local"),
                InstantSource.system(),
                machinery::engine));
    metrics =
        machinery.serve(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "",
            new ClusterReaders(new Reviews(client)),
            operator::whyBroken,
            Optional::empty);
    operator.start();
  }

  private static KubernetesClient client(Config config) {
    return ApiServer.connect(config, "demo");
  }

  @Override
  public Optional<HeartbeatMonitor> monitor() {
    return monitors == null ? Optional.empty() : monitors.getStore().list().stream().findFirst();
  }

  /** Nothing listens in the pods, so the gateway of this process stands for those there are. */
  @Override
  public void hangGateway() {
    hung = uids();
    neighbours().gateway().hangsWhile(() -> !isGatewayNew());
  }

  /** No pod that hung is left, and all there are are Ready. */
  @Override
  public boolean isGatewayNew() {
    return pods != null
        && uids().stream().noneMatch(hung::contains)
        && !pods.getStore().list().isEmpty()
        && pods.getStore().list().stream().allMatch(Readiness::isPodReady);
  }

  private Set<String> uids() {
    return pods == null
        ? Set.of()
        : pods.getStore().list().stream()
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toSet());
  }

  private Neighbours neighbours() {
    if (neighbours == null) {
      throw new IllegalStateException("not open");
    }
    return neighbours;
  }

  @Override
  public String honestly() {
    return "Nothing listens in the gateway's pods"
        + (cluster instanceof LocalCluster ? ", which are simulated by kwok" : "")
        + ": the gateway is an HTTP server of this process. It hangs while a pod that was hung"
        + " exists, and answers once new ones are Ready. PostgreSQL and Redis are real and on this"
        + " machine, Telegram is a stand-in. The table is the one that"
        + " kubectl get hbm -w prints.";
  }

  @Override
  public List<String> hints() {
    var hints = new ArrayList<>(cluster.shell());
    hints.add(cluster.kubectl() + " get hbm -w");
    hints.add(cluster.kubectl() + " describe hbm nexus");
    hints.add(cluster.kubectl() + " get pods,events");
    hints.add("curl http://127.0.0.1:" + (metrics == null ? 0 : metrics.getPort()) + "/metrics");
    return hints;
  }

  private <C extends AutoCloseable> C opened(C resource) {
    opened.push(resource);
    return resource;
  }

  @Override
  public void close() throws StageFailure {
    TakeDown.all(opened);
  }
}
