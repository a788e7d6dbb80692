package io.nexus.heartbeat.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What stands in the demo's namespace before the story begins. */
final class Props {
  static final String GATEWAY = "gateway";
  private static final String OPERATOR = "heartbeat";
  private static final Duration ROLLOUT = Duration.ofMinutes(2);

  private final KubernetesClient admin;
  private final String namespace;

  Props(KubernetesClient admin, String namespace) {
    this.admin = admin;
    this.namespace = namespace;
  }

  /**
   * The operator's account, with the rules that we ship; as Roles, so that nothing beyond the
   * namespace is granted and all of it goes with the namespace.
   *
   * @param roles k8s/operator-roles.yaml
   */
  void operator(Path roles) throws IOException {
    var account =
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withName(OPERATOR)
            .withNamespace(namespace)
            .endMetadata()
            .build();
    admin.resource(account).create();
    try (var in = Files.newInputStream(roles)) {
      for (var item : admin.load(in).items()) {
        if (item instanceof ClusterRole role) {
          grant(role);
        }
      }
    }
  }

  private void grant(ClusterRole shipped) {
    var name = shipped.getMetadata().getName();
    var role =
        new RoleBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .withRules(shipped.getRules())
            .build();
    var binding =
        new RoleBindingBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
            .addNewSubject("", "ServiceAccount", OPERATOR, namespace)
            .build();
    admin.resource(role).create();
    admin.resource(binding).create();
  }

  /** The way to the same API server as the operator's account, and as nobody else. */
  Config asOperator(Config from) {
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(Duration.ofHours(24).toSeconds())
            .endSpec()
            .build();
    var token =
        admin.serviceAccounts().inNamespace(namespace).withName(OPERATOR).tokenRequest(request);
    // Field by field from nothing, so that no credential of the person's comes along.
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(from.getMasterUrl())
        .withCaCertData(from.getCaCertData())
        .withCaCertFile(from.getCaCertFile())
        .withTrustCerts(from.isTrustCerts())
        .withDisableHostnameVerification(from.isDisableHostnameVerification())
        .withHttpProxy(from.getHttpProxy())
        .withHttpsProxy(from.getHttpsProxy())
        .withNoProxy(from.getNoProxy())
        .withProxyUsername(from.getProxyUsername())
        .withProxyPassword(from.getProxyPassword())
        .withOauthToken(token.getStatus().getToken())
        .withNamespace(namespace)
        .build();
  }

  void secrets(Map<String, Map<String, String>> secrets) {
    secrets.forEach(
        (name, values) ->
            admin
                .resource(
                    new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .addToLabels(HeartbeatMonitor.GROUP + "/secret", "allowed")
                        .endMetadata()
                        .withStringData(values)
                        .build())
                .create());
  }

  void gateway() throws IOException {
    try (var yaml = Objects.requireNonNull(Props.class.getResourceAsStream("/demo/gateway.yaml"))) {
      admin.load(yaml).inNamespace(namespace).create();
    }
  }

  /**
   * @throws StageFailure they are not; the message holds what the cluster says of it
   */
  void awaitGateway() throws StageFailure, InterruptedException {
    var deployment = admin.apps().deployments().inNamespace(namespace).withName(GATEWAY);
    var end = System.nanoTime() + ROLLOUT.toNanos();
    while (!deployment.isReady()) {
      if (System.nanoTime() - end > 0) {
        throw new StageFailure(
            "the pods of Deployment gateway are not Ready after %d s: %s"
                .formatted(ROLLOUT.toSeconds(), why()));
      }
      Thread.sleep(200);
    }
  }

  private String why() {
    return admin.pods().inNamespace(namespace).withLabel("app", GATEWAY).list().getItems().stream()
        .flatMap(Props::words)
        .findFirst()
        .orElse("the cluster does not say why");
  }

  private static Stream<String> words(Pod pod) {
    var waiting =
        pod.getStatus().getContainerStatuses().stream()
            .filter(c -> c.getState() != null && c.getState().getWaiting() != null)
            .map(c -> c.getState().getWaiting())
            .map(w -> w.getReason() + (w.getMessage() == null ? "" : ": " + w.getMessage()));
    var refused =
        pod.getStatus().getConditions().stream()
            .filter(c -> "False".equals(c.getStatus()) && c.getMessage() != null)
            .map(c -> c.getReason() + ": " + c.getMessage());
    return Stream.concat(waiting, refused);
  }
}
