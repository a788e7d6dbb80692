package io.nexus.heartbeat.cli;

import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.engine.MonitorKey;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of a cluster, by the rights of whoever asks.
 *
 * @param only the namespace that is listed; null: all
 */
record ClusterDesk(KubernetesClient client, String namespace, @Nullable String only, String again)
    implements Desk {

  @Override
  public List<HeartbeatMonitor> monitors() {
    try {
      var all = client.resources(HeartbeatMonitor.class);
      var listed = only == null ? all.inAnyNamespace().list() : all.inNamespace(only).list();
      return listed.getItems().stream()
          .sorted(Comparator.comparing(monitor -> MonitorKey.of(monitor).toString()))
          .toList();
    } catch (KubernetesClientException e) {
      throw failure("cannot list monitors", e);
    }
  }

  @Override
  public Optional<HeartbeatMonitor> monitor(MonitorKey key) {
    try {
      return Optional.ofNullable(
          client
              .resources(HeartbeatMonitor.class)
              .inNamespace(key.namespace())
              .withName(key.name())
              .get());
    } catch (KubernetesClientException e) {
      throw failure("cannot read monitor " + key, e);
    }
  }

  /** As the API server knows us; some do not say. */
  @Override
  public String who() {
    try {
      var review = client.resource(new SelfSubjectReview()).create();
      var name = review.getStatus().getUserInfo().getUsername();
      return name == null ? "command" : name;
    } catch (KubernetesClientException | NullPointerException _) {
      var context = client.getConfiguration().getCurrentContext();
      return context == null ? "command" : context.getContext().getUser();
    }
  }

  @Override
  public void give(MonitorKey key, Order order, String text) {
    var patch =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("metadata", Map.of("annotations", Map.of(order.annotation(), text))));
    try {
      client
          .resources(HeartbeatMonitor.class)
          .inNamespace(key.namespace())
          .withName(key.name())
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    } catch (KubernetesClientException e) {
      throw failure("cannot annotate monitor " + key, e);
    }
  }

  @Override
  public Optional<String> asleep() {
    return Optional.empty();
  }

  private static Failure failure(String what, KubernetesClientException e) {
    var hint =
        switch (e.getCode()) {
          case HttpURLConnection.HTTP_FORBIDDEN ->
              ". Orders need the right to patch heartbeatmonitors, which the cluster's role edit"
                  + " has where k8s/user-roles.yaml is applied";
          case HttpURLConnection.HTTP_NOT_FOUND ->
              ". Is Heartbeat installed there? kubectl get crd heartbeatmonitors."
                  + HeartbeatMonitor.GROUP;
          default -> "";
        };
    return new Failure(ExitCode.UNAVAILABLE, what + ": " + ApiFailure.words(e) + hint);
  }

  @Override
  public void close() {
    client.close();
  }
}
