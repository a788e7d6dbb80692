package io.nexus.heartbeat.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.internal.CertUtils;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.nexus.heartbeat.net.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client for the API server, as the operator wants it. */
public final class ApiServer {
  private ApiServer() {}

  /**
   * Where KUBECONFIG, {@code ~/.kube/config} or the pod's ServiceAccount points.
   *
   * @throws CannotStart none of them names a cluster
   */
  public static KubernetesClient connect(String version) throws CannotStart {
    return connect(new WhichCluster(System.getenv()).find(), version);
  }

  /**
   * The same.
   *
   * @param context of the kubeconfig; null: the current one
   */
  public static KubernetesClient connect(String version, @Nullable String context)
      throws CannotStart {
    return connect(new WhichCluster(System.getenv()).find(context), version);
  }

  /** Whether anything names a cluster here. */
  public static boolean isNamed() {
    return new WhichCluster(System.getenv()).isNamed();
  }

  public static KubernetesClient connect(Config to, String version) {
    var config =
        new ConfigBuilder(to)
            // Its part before the slash becomes the field manager of what we write.
            .withUserAgent("heartbeat/" + version)
            .withConnectionTimeout((int) Duration.ofSeconds(5).toMillis())
            .withRequestTimeout((int) Duration.ofSeconds(10).toMillis())
            // A turn is tried again anyway, later and on newer knowledge.
            .withRequestRetryBackoffLimit(2)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(new KubernetesSerialization(mapper(), true))
        .build();
  }

  /**
   * Whose certificates are believed to be the cluster's: that by which we know the API server.
   *
   * @throws CannotStart it cannot be read
   */
  public static TlsSettings trust(Config cluster) throws CannotStart {
    try (var pem =
        CertUtils.getInputStreamFromDataOrFile(cluster.getCaCertData(), cluster.getCaCertFile())) {
      return pem == null
          ? TlsSettings.DEFAULT
          : new TlsSettings(
              new TlsSettings.Ca(
                  new String(pem.readAllBytes(), StandardCharsets.US_ASCII),
                  "the cluster's certificate authority"),
              null,
              TlsSettings.Verify.FULL);
    } catch (IOException e) {
      throw new CannotStart("the cluster's certificate authority cannot be read", e);
    }
  }

  private static ObjectMapper mapper() {
    return new ObjectMapper().registerModule(new MonitorModule());
  }
}
