package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.demo.TelegramStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A namespace with a gateway that can be made to fail, its Deployment, a monitor of it, and a chat;
 * and the operators that a test starts and kills. The gateway is well again once its Deployment was
 * restarted.
 */
final class Scenario implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final String TOKEN = "123456789:token-of-a-stand-in-not-a-secret";

  final ApiServer server;
  final String namespace;
  final TelegramStandIn telegram;
  private final KubernetesClient client;
  private final HttpServer gateway;
  private final List<RunningOperator> operators = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private volatile BooleanSupplier fails = () -> false;
  private volatile boolean hangs;

  Scenario(ApiServer server) throws IOException {
    this.server = server;
    this.namespace = server.namespace();
    server.allow(namespace);
    client =
        io.nexus.heartbeat.operator.ApiServer.connect(
            io.fabric8.kubernetes.client.Config.fromKubeconfig(server.kubeconfig().toFile()),
            "test");
    telegram = TelegramStandIn.start(TOKEN, List.of("987654321"), _ -> {});
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          var failing = fails.getAsBoolean();
          if (failing && hangs) {
            awaitClosing();
          }
          exchange.sendResponseHeaders(failing ? 503 : 200, -1);
          exchange.close();
        });
    gateway.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    gateway.start();
    apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: telegram, labels: {heartbeat.nexus.io/secret: allowed}}
        stringData: {token: "%s"}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: gateway}
        spec:
          replicas: 2
          selector: {matchLabels: {app: gateway}}
          template:
            metadata: {labels: {app: gateway}}
            spec: {containers: [{name: gateway, image: gateway}]}
        """
            .formatted(TOKEN));
    kubectl("rollout", "status", "deployment/gateway", "--timeout=60s");
  }

  Scenario released() {
    kubectl("label", "deployment", "gateway", "heartbeat.nexus.io/recovery=allowed");
    return this;
  }

  // --- the monitor

  /** How often the gateway was asked so far. */
  int requests() {
    return requests.get();
  }

  /** So many times more than now. */
  void awaitChecks(int more) {
    var before = requests();
    await().atMost(PATIENCE).until(() -> requests() >= before + more);
  }

  int gatewayPort() {
    return gateway.getAddress().getPort();
  }

  /** A gateway that is restarted, told to a chat. */
  Scenario monitored() {
    return monitored("");
  }

  /**
   * @param more fields of the spec, as YAML, indented by two
   */
  Scenario monitored(String more) {
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
            http: {url: "http://127.0.0.1:%d/health"}
            failureThreshold: 2
            repair:
            - restart: {kind: Deployment, name: gateway}
              verify: {successes: 2, within: 1m}
          alerts:
            receivers:
            - name: ops
              telegram:
                chatId: "987654321"
                botTokenFrom: {secretKeyRef: {name: telegram, key: token}}
                apiUrl: %s
        %s"""
            .formatted(gatewayPort(), telegram.url(), more));
    return this;
  }

  /**
   * Edits the monitor.
   *
   * @param operation of a JSON patch
   */
  void edit(String operation) {
    kubectl("patch", "hbm", "nexus", "--type=json", "-p", "[" + operation + "]");
  }

  /**
   * @param target as JSON
   */
  void addTarget(String target) {
    edit("{\"op\": \"add\", \"path\": \"/spec/targets/-\", \"value\": " + target + "}");
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

  // --- what happens

  RunningOperator operator() {
    return operator(null);
  }

  RunningOperator operator(@Nullable Fault fault) {
    try {
      var operator = RunningOperator.start(server, namespace, fault);
      operators.add(operator);
      return operator;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param shares what all monitors may spend; null: there is plenty
   */
  RunningOperator operator(@Nullable Shares shares, InstantSource clock) {
    try {
      var operator = RunningOperator.start(server, namespace, shares, clock);
      operators.add(operator);
      return operator;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on, until its Deployment is restarted once more than now. */
  void gatewayFails() {
    var restarts = restarts();
    fails = () -> restarts() == restarts;
  }

  /** The same, but it takes the connection and never answers. */
  void gatewayHangs() {
    hangs = true;
    gatewayFails();
  }

  private void awaitClosing() {
    try {
      closing.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  void gatewayFailsWhateverIsDone() {
    fails = () -> true;
  }

  void gatewayIsWell() {
    fails = () -> false;
  }

  // --- what is seen

  HeartbeatMonitor monitor() {
    return client.resources(HeartbeatMonitor.class).inNamespace(namespace).withName("nexus").get();
  }

  MonitorStatus status() {
    return Optional.ofNullable(monitor())
        .map(HeartbeatMonitor::getStatus)
        .orElse(MonitorStatus.NONE);
  }

  TargetStatus target(String name) {
    return status().targets().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no target " + name + " in " + status()));
  }

  List<Incident> openIncidents() {
    return status().state().incidents().stream().filter(i -> i.resolvedAt() == null).toList();
  }

  void awaitStatus(Predicate<MonitorStatus> predicate) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(status()).matches(predicate));
  }

  void awaitLevel(Level level) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(status()).extracting(MonitorStatus::level).isEqualTo(level));
  }

  /** Healthy, nothing open, and everybody was told. */
  void awaitPeace() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(status()).matches(Scenario::isPeace));
  }

  static boolean isPeace(MonitorStatus status) {
    return status.level() == Level.Healthy && status.state().incidents().isEmpty();
  }

  Deployment deployment() {
    return client.apps().deployments().inNamespace(namespace).withName("gateway").get();
  }

  /** How often the pod template was changed by a restart: its generation says so. */
  long restarts() {
    var restarted = deployment().getSpec().getTemplate().getMetadata().getAnnotations();
    return restarted == null || !restarted.containsKey("kubectl.kubernetes.io/restartedAt")
        ? 0
        : Long.parseLong(
                deployment()
                    .getMetadata()
                    .getAnnotations()
                    .get("deployment.kubernetes.io/revision"))
            - 1;
  }

  /** The Events of the monitor, which are its incidents' happenings. */
  List<Event> events() {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getRegarding().getKind().equals("HeartbeatMonitor"))
        .toList();
  }

  List<String> messages() {
    return telegram.messages().stream().map(TelegramStandIn.Message::text).toList();
  }

  @Override
  public void close() {
    operators.forEach(RunningOperator::close);
    closing.countDown();
    gateway.stop(0);
    telegram.close();
    client.close();
  }
}
