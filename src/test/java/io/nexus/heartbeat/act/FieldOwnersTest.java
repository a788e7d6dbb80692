package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.nexus.heartbeat.api.WorkloadRef;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldOwnersTest {
  private static final String TEMPLATE =
      "{'f:spec': {'f:template': {'f:spec': {'f:containers': {'k:{\\\"name\\\":\\\"a\\\"}': {'.': {}}}}}}}";
  private static final String REPLICAS = "{'f:spec': {'f:replicas': {}}}";
  private static final String RESTARTED =
      "{'f:spec': {'f:template': {'f:metadata': {'f:annotations':"
          + " {'f:kubectl.kubernetes.io/restartedAt': {}}}}}}";

  private static FieldOwners managed(String manager, String operation, String fields) {
    return FieldOwners.of(
        resource(
            """
            {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'gateway', 'managedFields': [
              {'manager': 'kubectl-client-side-apply', 'operation': 'Update', 'fieldsV1': {'f:spec': {'f:paused': {}}}},
              {'manager': '%s', 'operation': '%s', 'fieldsType': 'FieldsV1', 'fieldsV1': %s}]}}
            """
                .formatted(manager, operation, fields)));
  }

  private static GenericKubernetesResource resource(String json) {
    return Serialization.unmarshal(json.replace('\'', '"'), GenericKubernetesResource.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "argocd-controller",
        "argocd-application-controller",
        "kustomize-controller",
        "helm-controller"
      })
  void whatAGitOpsControllerHoldsIsNotOurs(String manager) {
    for (var operation : List.of("Apply", "Update")) {
      assertThat(managed(manager, operation, TEMPLATE).ofTemplate())
          .contains(manager + " holds its template by GitOps");
      assertThat(managed(manager, operation, REPLICAS).ofReplicas())
          .contains(manager + " holds its replicas by GitOps");
    }
  }

  @Test
  void theFieldDecidesNotTheController() {
    var template = managed("argocd-controller", "Apply", TEMPLATE);
    assertThat(template.ofReplicas()).isEmpty();
    assertThat(template.ofRestart()).isEmpty();
    assertThat(managed("argocd-controller", "Apply", REPLICAS).ofTemplate()).isEmpty();
    assertThat(managed("argocd-controller", "Apply", RESTARTED).ofRestart())
        .contains(
            "argocd-controller holds its annotation kubectl.kubernetes.io/restartedAt by GitOps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubectl-client-side-apply", "kubectl-rollout", "heartbeat", "helm"})
  void whatPeopleAndWeWroteIsNoGitOps(String manager) {
    assertThat(managed(manager, "Update", TEMPLATE).ofTemplate()).isEmpty();
    assertThat(managed(manager, "Update", REPLICAS).ofReplicas()).isEmpty();
    assertThat(managed(manager, "Update", RESTARTED).ofRestart()).isEmpty();
  }

  @Test
  void whereNoFieldsAreKeptTheMarkOfAControllerIsEnough() {
    var marked =
        FieldOwners.of(
            resource(
                """
                {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'gateway',
                 'annotations': {'argocd.argoproj.io/tracking-id': 'nexus:apps/Deployment:nexus/gateway'}}}
                """));
    assertThat(marked.ofTemplate())
        .contains("Argo CD applies it by GitOps, and who holds its template is unknown");
    assertThat(marked.ofRestart()).isEmpty();
    var instance =
        FieldOwners.of(
            resource(
                """
                {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'gateway',
                 'labels': {'app.kubernetes.io/instance': 'nexus'}}}
                """));
    assertThat(instance.ofTemplate()).isEmpty();
    assertThat(instance.ofReplicas()).isEmpty();
  }

  @Test
  void anAutoscalerOfThatVeryWorkloadSetsItsReplicas() {
    var gateway = new WorkloadRef(WorkloadRef.Kind.Deployment, "gateway");
    assertThat(
            Autoscalers.of(List.of(scaler("web", "apps/v1", "Deployment", "gateway", "")), gateway))
        .contains("HorizontalPodAutoscaler/web sets the replicas of Deployment/gateway");
    assertThat(
            Autoscalers.of(
                List.of(
                    scaler(
                        "keda-hpa-web",
                        "apps/v1",
                        "Deployment",
                        "gateway",
                        "'scaledobject.keda.sh/name': 'web'")),
                gateway))
        .contains(
            "HorizontalPodAutoscaler/keda-hpa-web of ScaledObject/web sets the replicas of"
                + " Deployment/gateway");
    assertThat(
            Autoscalers.of(
                List.of(
                    scaler("a", "apps/v1", "Deployment", "other", ""),
                    scaler("b", "apps/v1", "StatefulSet", "gateway", ""),
                    scaler("c", "example.com/v1", "Deployment", "gateway", "")),
                gateway))
        .isEmpty();
  }

  private static GenericKubernetesResource scaler(
      String name, String version, String kind, String target, String labels) {
    return resource(
        """
        {'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler',
         'metadata': {'name': '%s', 'labels': {%s}},
         'spec': {'maxReplicas': 3, 'scaleTargetRef': {'apiVersion': '%s', 'kind': '%s', 'name': '%s'}}}
        """
            .formatted(name, labels, version, kind, target));
  }
}
