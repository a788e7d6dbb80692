package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.cluster.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A namespace of a real node with a gateway in it, each pod a process of this machine. */
final class RealNode implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String IMAGE = "localhost/gateway:1";

  final ApiServer server;
  final String namespace;
  private final KubernetesClient client;

  RealNode(ApiServer server) {
    this.server = server;
    namespace = server.namespace();
    server.allow(namespace);
    server.image("src/test/resources/gateway/gateway.go", IMAGE);
    client =
        io.nexus.heartbeat.operator.ApiServer.connect(
            Config.fromKubeconfig(server.kubeconfig().toFile()), "test");
  }

  RealNode gateway(int replicas) {
    apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: gateway, labels: {heartbeat.nexus.io/recovery: allowed}}
        spec:
          replicas: %d
          selector: {matchLabels: {app: gateway}}
          template:
            metadata: {labels: {app: gateway}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: gateway, image: %s, imagePullPolicy: Never}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: gateway}
        spec: {selector: {app: gateway}, ports: [{port: 8000}]}
        """
            .formatted(replicas, IMAGE));
    kubectl("rollout", "status", "deployment/gateway", "--timeout=2m");
    return this;
  }

  /**
   * @param rungs of the gateway, as YAML in one line
   */
  void monitored(String rungs) {
    apply(
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          interval: 1s
          timeout: 3s
          targets:
          - name: gateway
            http: {service: {name: gateway, port: 8000}, path: /health}
            failureThreshold: 2
            repair: %s
        """
            .formatted(rungs));
  }

  void apply(String yaml) {
    var result = server.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  String kubectl(String... args) {
    var command = new ArrayList<>(List.of(args));
    command.addAll(List.of("-n", namespace));
    var result = server.kubectl(command.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out();
  }

  /** Those that serve, and how often each was started again, by name. */
  Map<String, Integer> serving() {
    return pods().stream()
        .filter(pod -> !pod.isMarkedForDeletion() && Readiness.isPodReady(pod))
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(),
                pod -> pod.getStatus().getContainerStatuses().getFirst().getRestartCount()));
  }

  List<Pod> pods() {
    return client.pods().inNamespace(namespace).list().getItems();
  }

  /** Its process is stopped: the kernel takes connections, and nobody answers. */
  void hang(String pod) throws IOException, InterruptedException {
    var uid = client.pods().inNamespace(namespace).withName(pod).get().getMetadata().getUid();
    var process =
        ProcessHandle.allProcesses()
            .filter(it -> isGatewayOf(uid, it.pid()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no process of " + pod));
    var kill = new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static boolean isGatewayOf(String uid, long pid) {
    var proc = Path.of("/proc", String.valueOf(pid));
    try {
      return Files.readString(proc.resolve("cgroup")).contains(uid)
          && Files.readString(proc.resolve("comm")).strip().equals("gateway");
    } catch (IOException _) { // it has ended meanwhile
      return false;
    }
  }

  MonitorStatus status() {
    return Optional.ofNullable(
            client.resources(HeartbeatMonitor.class).inNamespace(namespace).withName("nexus").get())
        .map(HeartbeatMonitor::getStatus)
        .orElse(MonitorStatus.NONE);
  }

  /** What is said of the gateway's repair; empty while there is none. */
  String repair() {
    return status().targets().stream()
        .map(target -> target.repair())
        .filter(Objects::nonNull)
        .map(repair -> String.valueOf(repair.message()))
        .findFirst()
        .orElse("");
  }

  void awaitPeace() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(status()).matches(Scenario::isPeace));
  }

  @Override
  public void close() {
    server.kubectl("delete", "namespace", namespace, "--wait=false");
    client.close();
  }
}
