package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever writes a monitor does not reach through the operator what is not his. */
@WithApiServer
class StrangersIT {
  private final Scenario scenario;
  private final String node;

  StrangersIT(ApiServer server) throws Exception {
    scenario = new Scenario(server);
    node = "stranger-" + scenario.namespace;
  }

  @AfterEach
  void close() {
    scenario.close();
    scenario.server.kubectl("delete", "node", node, "--ignore-not-found");
  }

  @Test
  void whatIsTheClustersOwnIsUnknownWithTheReasonAndTheServicesOfTheNamespaceAreOpened()
      throws Exception {
    var other = scenario.server.namespace();
    scenario.apply(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s}
        spec: {unschedulable: true}
        status: {addresses: [{type: InternalIP, address: 10.77.0.2}, {type: Hostname, address: stranger}]}
        """
            .formatted(node));
    var theirs = service(other);
    var ours = service(scenario.namespace);
    monitor("10.77.0.2", "10.96.0.1", theirs, ours);
    scenario.operator();

    awaitTarget("t0", Level.Unknown, "10.77.0.2 is node " + node + " of this cluster, which");
    awaitTarget("t1", Level.Unknown, "10.96.0.1 is the Service of the API server of this cluster");
    awaitTarget(
        "t2",
        Level.Unknown,
        ("%1$s is Service %2$s/redis, which the operator does not open; an administrator can allow"
                + " it with --allow-address %1$s/32")
            .formatted(theirs, other));
    // Nothing answers there in a simulated cluster; but it was tried.
    await()
        .atMost(Scenario.PATIENCE)
        .until(() -> target("t3").filter(t -> t.lastChecked() != null).isPresent());
    assertThat(scenario.target("t3").message()).doesNotContain("does not open");
  }

  @Test
  void anAddressOfOursIsRefusedUnlessAnAdministratorAllowsIt() throws Exception {
    var ours = addressOfThisMachine();
    assumeThat(ours).as("this machine has an address beyond loopback").isPresent();
    var address = ours.orElseThrow();
    var server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      scenario.apply(
          """
          apiVersion: heartbeat.nexus.io/v1alpha1
          kind: HeartbeatMonitor
          metadata: {name: nexus}
          spec:
            interval: 1s
            targets:
            - {name: t0, failureThreshold: 1, http: {url: "http://%s:%d/"}}
          """
              .formatted(address.getHostAddress(), server.getAddress().getPort()));
      try (var _ = RunningOperator.start(scenario.server, scenario.namespace, null)) {
        awaitTarget(
            "t0", Level.Unknown, address.getHostAddress() + " is an address of Heartbeat itself");
      }
      try (var _ =
          RunningOperator.start(
              scenario.server,
              scenario.namespace,
              null,
              List.of(address.getHostAddress() + "/32"))) {
        awaitTarget("t0", Level.Healthy, "");
      }
    } finally {
      server.stop(0);
    }
  }

  /** Its cluster IP. */
  private String service(String in) {
    var created =
        scenario.server.kubectl("create", "service", "clusterip", "redis", "--tcp=6379", "-n", in);
    assertThat(created.exitCode()).as(created.err()).isZero();
    return scenario
        .server
        .kubectl("get", "service", "redis", "-n", in, "-o", "jsonpath={.spec.clusterIP}")
        .out();
  }

  private void monitor(String... hosts) {
    var targets = new StringBuilder();
    for (var i = 0; i < hosts.length; i++) {
      targets.append(
          "  - {name: t%d, failureThreshold: 1, tcp: {host: %s, port: 6379}}\n"
              .formatted(i, hosts[i]));
    }
    scenario.apply(
        "apiVersion: heartbeat.nexus.io/v1alpha1\nkind: HeartbeatMonitor\nmetadata: {name: nexus}\n"
            + "spec:\n  interval: 1s\n  timeout: 1s\n  targets:\n"
            + targets);
  }

  private void awaitTarget(String name, Level level, String message) {
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () -> {
              var target = scenario.target(name);
              assertThat(target.level()).as(target.toString()).isEqualTo(level);
              assertThat(String.valueOf(target.message())).startsWith(message);
            });
  }

  private Optional<TargetStatus> target(String name) {
    return scenario.status().targets().stream().filter(t -> t.name().equals(name)).findFirst();
  }

  static Optional<InetAddress> addressOfThisMachine() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(
            it -> it instanceof Inet4Address && !it.isLoopbackAddress() && !it.isLinkLocalAddress())
        .findFirst();
  }
}
