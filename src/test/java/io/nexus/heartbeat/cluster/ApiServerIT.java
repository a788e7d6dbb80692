package io.nexus.heartbeat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@WithApiServer
class ApiServerIT {

  private final ApiServer server;
  private final String namespace;

  ApiServerIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
  }

  @Test
  void aRolloutRestartYieldsNewReadyPods() {
    createGateway();
    await().atMost(Duration.ofSeconds(60)).until(() -> readyPods().size() == 2);
    var before = readyPods();

    server.kubectl("rollout", "restart", "deployment/gateway", "-n", namespace);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(readyPods()).hasSize(2).doesNotContainAnyElementsOf(before));
  }

  @Test
  void theOperatorMayActOnlyWhereItWasAllowedTo() {
    createGateway();
    try (var operator = server.operator()) {
      var gateway = operator.apps().deployments().inNamespace(namespace).withName("gateway");
      assertThatThrownBy(gateway::get)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");

      server.allow(namespace);

      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreException(KubernetesClientException.class)
          .untilAsserted(() -> assertThat(gateway.get()).isNotNull());
    }
  }

  private void createGateway() {
    var created =
        server.kubectl(
            "create", "deployment", "gateway", "--image=none", "--replicas=2", "-n", namespace);
    assertThat(created.exitCode()).as(created.err()).isZero();
  }

  private Set<String> readyPods() {
    return server.admin().pods().inNamespace(namespace).list().getItems().stream()
        .filter(Readiness::isPodReady)
        .map(ApiServerIT::uid)
        .collect(Collectors.toSet());
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
