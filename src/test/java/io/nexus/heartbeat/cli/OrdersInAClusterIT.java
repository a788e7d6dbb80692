package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same commands in a cluster, each a process with a kubeconfig, as a person types them. */
@WithApiServer
class OrdersInAClusterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final AtomicInteger requests = new AtomicInteger();
  private final ApiServer server;
  private final String namespace;
  private final HttpServer web;

  OrdersInAClusterIT(ApiServer server) throws IOException {
    this.server = server;
    this.namespace = server.namespace();
    server.allow(namespace);
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    web.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    web.start();
    var result =
        server.kubectlWithInput(
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: nexus}
            spec:
              interval: 30m
              targets:
              - {name: gateway, http: {url: "http://127.0.0.1:%d/"}}
            """
                .formatted(web.getAddress().getPort()),
            "apply",
            "-n",
            namespace,
            "-f",
            "-");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  @AfterEach
  void stop() {
    web.stop(0);
  }

  @Test
  void anOrderIsAnsweredByTheOperatorAndStandsUntilThereIsOne() throws Exception {
    assertSays(75, "pause is given and not taken yet", "pause", "nexus", "1h", "--wait", "500ms");
    try (var _ = operator()) {
      assertSays(0, "repair may act again", "resume", "nexus", "--wait", "1m");
      await().atMost(PATIENCE).until(() -> requests.get() == 1);
      assertSays(0, "repair is paused until ", "pause", "nexus", "2h", "--wait", "1m");
      assertSays(0, "repair is paused by admin, since ", "status");
      assertSays(0, "heartbeat resume " + namespace + "/nexus", "status", "nexus", "-o", "yaml");
      assertSays(0, "gateway: checked at once", "run-now", "nexus", "gateway", "--wait", "1m");
      await().atMost(PATIENCE).until(() -> requests.get() == 2);
      assertSays(1, "did you mean 'gateway'?", "reset", "nexus", "gatway", "--wait", "1m");
      assertSays(64, "there is no monitor 'nexsu'", "ack", "nexsu");
    }
    assertSays(69, "there is no context 'nowhere'", "status", "--context", "nowhere");
  }

  private RunProcess operator() throws IOException {
    return new RunProcess(
        directory,
        Map.of(
            "KUBECONFIG",
            server
                .operatorKubeconfig(directory, server.admin().getMasterUrl().toString())
                .toString()),
        "operator",
        "--namespace=" + namespace,
        "--allow-address=127.0.0.0/8",
        "--port=0");
  }

  private void assertSays(int exitCode, String said, String... command) throws Exception {
    var all = new ArrayList<>(List.of(command));
    all.addAll(List.of("-n", namespace));
    try (var run =
        new RunProcess(
            directory,
            Map.of("KUBECONFIG", server.kubeconfig().toString()),
            all.toArray(String[]::new))) {
      assertThat(run.exitCode(90)).as(run.said()).isEqualTo(exitCode);
      assertThat(run.said()).contains(said).doesNotContain("\tat ");
    }
  }
}
