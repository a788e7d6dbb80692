package io.nexus.heartbeat.operator.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.DiskTarget.Filesystem;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.DiskUsage;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.secret.Mask;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With the rights that we ship, and without: nodes, pods and tokens are a real API server's. */
@WithApiServer
class KubeletStatsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String STATS = "k8s/kubelet-stats.yaml";

  private final ApiServer server;
  private final String namespace;
  private final String node;
  private final KubernetesClient client;
  private final Clients clients = Clients.create();
  private final Deadlines deadlines = new Deadlines();
  private final Mask mask = new Mask();

  KubeletStatsIT(ApiServer server) {
    this.server = server;
    namespace = server.namespace();
    node = "kubelet-" + namespace;
    client = server.operator();
  }

  @AfterEach
  void close() {
    kubectl("delete", "node", node, "--ignore-not-found", "--wait=false");
    kubectl("delete", "-f", STATS, "--ignore-not-found");
    deadlines.close();
    clients.close();
    client.close();
  }

  @Test
  void aClaimAndANodeAreReadFromTheKubeletWithATokenThatIsGoodForNothingElse() throws Exception {
    kubectl("apply", "-f", STATS);
    server.allow(namespace);
    try (var kubelet = new KubeletStandIn(KubeletStandIn.telling(summary()));
        var stats = stats()) {
      node(kubelet.port());
      pod();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> ofNode(stats, node, Filesystem.Root).used() == 22937600000d);
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(ofClaim(stats, "nexus-data"))
                      .isEqualTo(new DiskUsage(4194304, 6291456, 10485760, 2, 100)));
      for (var i = 0; i < 100; i++) {
        ofNode(stats, node, Filesystem.Image);
      }
      assertThat(kubelet.requests()).as("one answer is for all").hasSizeLessThan(10);

      var token = kubelet.requests().getFirst().replaceAll("(?s).*Bearer (\\S+).*", "$1");
      assertThat(mask.apply(token)).isEqualTo("***");
      var whose =
          server
              .admin()
              .resource(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build())
              .create();
      assertThat(whose.getStatus().getUser().getUsername())
          .isEqualTo("system:serviceaccount:heartbeat-system:heartbeat-kubelet-stats");
      assertThat(mayKubelets("get", "nodes", "stats")).isEqualTo("yes");
      assertThat(mayKubelets("create", "nodes", "proxy")).isEqualTo("no");
      assertThat(mayKubelets("get", "nodes", "")).isEqualTo("no");
      assertThat(mayKubelets("get", "secrets", "")).isEqualTo("no");
    }
  }

  @Test
  void withoutTheRightsTheMessageNamesTheFile() throws Exception {
    server.allow(namespace);
    try (var kubelet = new KubeletStandIn(KubeletStandIn.telling(summary()))) {
      node(kubelet.port());
      try (var stats = stats()) {
        awaitRefusal(
            () -> ofNode(stats, node, Filesystem.Root),
            "Heartbeat may not get nodes; an administrator can allow it: kubectl apply -f "
                + STATS);
      }
      kubectl("apply", "-f", STATS);
      kubectl("delete", "serviceaccount", "heartbeat-kubelet-stats", "-n", "heartbeat-system");
      try (var stats = stats()) {
        awaitRefusal(
            () -> ofNode(stats, node, Filesystem.Root),
            "Heartbeat may not create a token of ServiceAccount heartbeat-kubelet-stats beside its"
                + " own; an administrator can allow it: kubectl apply -f "
                + STATS);
      }
      assertThat(kubelet.requests()).isEmpty();
    }
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    kubectl("apply", "-f", STATS);
    try (var stats = stats()) {
      awaitRefusal(
          () -> ofNode(stats, "no-such-node", Filesystem.Root),
          "there is no node no-such-node in this cluster");
      awaitRefusal(
          () -> ofClaim(stats, "nexus-data"),
          "Heartbeat may not see which pods of namespace %1$s mount it: kubectl create rolebinding heartbeat-actor -n %1$s --clusterrole=heartbeat-actor --serviceaccount=heartbeat-system:heartbeat"
              .formatted(namespace));
      server.allow(namespace);
      awaitRefusal(() -> ofClaim(stats, "nexus-data"), "no running pod of namespace " + namespace);
    }
  }

  /** The API server notices a right after a moment, and a refusal is kept for one. */
  private static void awaitRefusal(ThrowingCallable asked, String words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThatThrownBy(asked).hasMessageStartingWith(words));
  }

  private KubeletStats stats() {
    return new KubeletStats(
        client,
        () -> "heartbeat-system",
        clients.http(),
        TestNet.loopback(),
        KubeletStandIn.TRUST,
        mask);
  }

  private DiskUsage ofNode(KubeletStats stats, String name, Filesystem which) throws Exception {
    try (var deadline = deadlines.start(PATIENCE)) {
      return stats.seenFrom(namespace).ofNode(new DiskTarget.Node(name, which), deadline);
    }
  }

  private DiskUsage ofClaim(KubeletStats stats, String claim) throws Exception {
    try (var deadline = deadlines.start(PATIENCE)) {
      return stats.seenFrom(namespace).ofClaim(claim, deadline);
    }
  }

  private String summary() {
    return SummaryReaderTest.recorded().replace("\"shop\"", '"' + namespace + '"');
  }

  /** The simulated cluster fills in what is missing of a node, once. */
  private void node(int port) {
    kubectl(
        "apply",
        "-f",
        "-",
        """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s"}, "spec": {"unschedulable": true}}
        """
            .formatted(node));
    var place =
        """
        {"status": {"addresses": [{"type": "Hostname", "address": "%s"}, {"type": "InternalIP", "address": "127.0.0.1"}],
                    "daemonEndpoints": {"kubeletEndpoint": {"Port": %d}}}}
        """
            .formatted(node, port);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var ready =
                  server.kubectl(
                      "get", "node", node, "-o", "jsonpath={.status.conditions[*].type}");
              assertThat(ready.out()).contains("Ready");
            });
    kubectl("patch", "node", node, "--subresource=status", "--type=merge", "-p", place);
  }

  private void pod() {
    kubectl(
        "apply",
        "-f",
        "-",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: %s}
        spec:
          nodeName: %s
          containers: [{name: c, image: none}]
          volumes: [{name: d, persistentVolumeClaim: {claimName: nexus-data}}]
        """
            .formatted(namespace, node));
  }

  private String mayKubelets(String verb, String resource, String subresource) {
    return server
        .kubectl(
            "auth",
            "can-i",
            verb,
            resource,
            "--subresource=" + subresource,
            "--as=system:serviceaccount:heartbeat-system:heartbeat-kubelet-stats")
        .out()
        .strip();
  }

  /** The last of what follows {@code -f -} is its input. */
  private void kubectl(String... args) {
    var input = args.length > 2 && args[2].equals("-") ? args[3] : "";
    var words = input.isEmpty() ? args : new String[] {args[0], args[1], args[2]};
    var said = server.kubectlWithInput(input, words);
    assertThat(said.exitCode()).as(said.err()).isZero();
  }
}
