package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The operator's own kind of client, with an admin's rights. */
final class ApiServerClient {
  private ApiServerClient() {}

  static KubernetesClient of(io.nexus.heartbeat.cluster.ApiServer server) {
    return ApiServer.connect(Config.fromKubeconfig(server.kubeconfig().toFile()), "test");
  }

  /** The same, of a server that may be none. */
  static KubernetesClient at(String url) {
    return ApiServer.connect(
        new ConfigBuilder(Config.empty()).withMasterUrl(url).withNamespace("any").build(), "test");
  }
}
