package io.nexus.heartbeat.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.net.Cidr;
import io.nexus.heartbeat.operator.ApiServer;
import io.nexus.heartbeat.operator.CannotStart;
import io.nexus.heartbeat.operator.Operator;
import io.nexus.heartbeat.operator.Settings;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.wiring.ClusterOutside;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes control plane on this machine, and the operator in this process, with the rights
 * that we ship and no more. Pods are simulated by kwok: they are Ready at once, nothing runs in
 * them.
 */
public final class ClusterStage implements Stage {
  private static final String NAMESPACE = "nexus";

  private final LocalCluster cluster;
  private final Path root;
  private final Path directory;
  private final Mask mask;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable SharedIndexInformer<HeartbeatMonitor> monitors;
  private @Nullable SharedIndexInformer<Pod> pods;
  private @Nullable Neighbours neighbours;
  private @Nullable InetSocketAddress metrics;
  private volatile Set<String> hung = Set.of();

  /**
   * @param root of the clone, which has hack/cluster, crds and k8s
   */
  public ClusterStage(Path root, Path directory, Mask mask) {
    this.root = root;
    this.directory = directory;
    this.mask = mask;
    this.cluster = new LocalCluster(root);
  }

  @Override
  public void open(Neighbours watched, Screen screen) throws StageFailure, InterruptedException {
    neighbours = watched;
    screen.note(
        "bringing up a Kubernetes control plane: 10 seconds; the very first time minutes, while it"
            + " is downloaded or compiled (./heartbeat demo --standalone is there meanwhile)");
    opened.push(cluster::down);
    cluster.up(screen);
    try {
      installHeartbeat(screen);
      var admin = opened(client(Config.fromKubeconfig(cluster.kubeconfig().toFile())));
      pods = opened(admin.pods().inNamespace(NAMESPACE).withLabel("app", "gateway").inform());
      monitors = opened(admin.resources(HeartbeatMonitor.class).inNamespace(NAMESPACE).inform());
      startOperator();
      var file = Files.writeString(directory.resolve("monitor.yaml"), watched.monitor());
      screen.note("$ kubectl apply -f " + file);
      screen.note(cluster.kubectl("apply", "-f", file.toString()).strip());
      screen.note("$ kubectl get hbm -n nexus -w");
    } catch (IOException | CannotStart e) {
      throw new StageFailure(String.valueOf(e.getMessage()));
    }
  }

  private void installHeartbeat(Screen screen) throws StageFailure, InterruptedException {
    screen.note("installing the CRD and the operator's rights; a gateway of 3 simulated pods");
    cluster.kubectl("apply", "-f", root.resolve("crds").toString());
    cluster.kubectl("apply", "-k", root.resolve("k8s").toString());
    cluster.kubectl("create", "namespace", NAMESPACE);
    var allow = root.resolve("k8s").resolve("allow-namespace.yaml").toString();
    cluster.kubectl("apply", "-n", NAMESPACE, "-f", allow);
    cluster.kubectl(
        "create", "deployment", "gateway", "-n", NAMESPACE, "--image=gateway", "--replicas=3");
    cluster.kubectl(
        "label", "deployment", "gateway", "-n", NAMESPACE, "heartbeat.nexus.io/recovery=allowed");
    for (var secret : neighbours().secrets().entrySet()) {
      for (var entry : secret.getValue().entrySet()) {
        cluster.kubectl(
            "create",
            "secret",
            "generic",
            secret.getKey(),
            "-n",
            NAMESPACE,
            "--from-literal=" + entry.getKey() + "=" + entry.getValue());
        cluster.kubectl(
            "label",
            "secret",
            secret.getKey(),
            "-n",
            NAMESPACE,
            "heartbeat.nexus.io/secret=allowed");
      }
    }
    cluster.kubectl("rollout", "status", "deployment/gateway", "-n", NAMESPACE, "--timeout=60s");
  }

  private void startOperator() throws StageFailure, CannotStart, IOException, InterruptedException {
    var token =
        cluster.kubectl("create", "token", "heartbeat", "-n", "heartbeat-system", "--duration=24h");
    var admin = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    var rights =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(admin.getMasterUrl())
            .withCaCertData(admin.getCaCertData())
            .withOauthToken(token.strip())
            .withNamespace(NAMESPACE)
            .build();
    var client = opened(client(rights));
    var machinery = opened(new Machinery("demo", mask));
    var allowed = List.of(Cidr.parse("127.0.0.0/8"));
    var settings =
        new Settings(List.of(NAMESPACE), false, null, List.of("127.0.0.0/8"), 0, "demo", "demo");
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
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "", Optional::empty);
    operator.start();
  }

  private static KubernetesClient client(Config config) {
    return ApiServer.connect(config, "demo");
  }

  @Override
  public Optional<HeartbeatMonitor> monitor() {
    return monitors == null ? Optional.empty() : monitors.getStore().list().stream().findFirst();
  }

  /** Nothing runs in a simulated pod, so the gateway of this process stands for those there are. */
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
  public List<String> hints() {
    return List.of(
        "export KUBECONFIG=" + cluster.kubeconfig() + " PATH=" + cluster.bin() + ":$PATH",
        "kubectl get hbm -n nexus -w",
        "kubectl describe hbm nexus -n nexus",
        "kubectl get pods,events -n nexus",
        "curl http://127.0.0.1:" + (metrics == null ? 0 : metrics.getPort()) + "/metrics",
        "The pods are simulated by kwok: the gateway is an HTTP server of this process that hangs",
        "while a pod that was hung exists, and answers once new ones are Ready.");
  }

  private <C extends AutoCloseable> C opened(C resource) {
    opened.push(resource);
    return resource;
  }

  @Override
  public void close() {
    TakeDown.all(opened);
  }
}
