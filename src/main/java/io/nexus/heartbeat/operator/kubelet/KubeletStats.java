package io.nexus.heartbeat.operator.kubelet;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeDaemonEndpoints;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.Kubelets;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Literals;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.SecretValue;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What the cluster's kubelets measure, asked of each at most every ten seconds, however many
 * targets want it.
 *
 * <p>A kubelet is asked where its Node object says, which only nodes and administrators write; a
 * monitor gives no more than the node's name. It sees a token of a ServiceAccount that may read
 * these figures and nothing else, never our own: a node that somebody has taken over gains nothing
 * by it.
 */
public final class KubeletStats implements AutoCloseable {
  static final String FIX =
      "an administrator can allow it: kubectl apply -f k8s/kubelet-stats.yaml";

  /** Why there are no figures where nobody asked for them. */
  public static final String OFF =
      "kubelets are not asked, unless the operator runs with --kubelet-stats and the rights of"
          + " k8s/kubelet-stats.yaml";

  private static final String ACCOUNT = "heartbeat-kubelet-stats";

  /** Kubelets measure a node every 10 s or so, and volumes every minute. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private static final Duration MOUNTS_KEPT = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The shortest that the API server grants. */
  private static final Duration TOKEN_LIVES = Duration.ofMinutes(10);

  private static final int USUAL_PORT = 10250;

  private final KubernetesClient client;
  private final Supplier<String> home;
  private final Mask mask;
  private final Deadlines deadlines = new Deadlines();
  private final KubeletClient kubelets;
  private final Shared<String, KubeletClient.Told> summaries = new Shared<>(KEPT, this::ask);
  private final Shared<String, Map<String, SortedSet<String>>> mounts;
  private final Shared<String, SecretValue> tokens =
      new Shared<>(TOKEN_LIVES.dividedBy(2), this::newToken);

  /**
   * @param home the namespace of our own ServiceAccount, where the other one is too
   * @param dialer which opens nodes; no name is asked of it
   * @param trust whose certificates of kubelets are believed
   */
  public KubeletStats(
      KubernetesClient client,
      Supplier<String> home,
      Http http,
      Dialer dialer,
      TlsSettings trust,
      Mask mask) {
    this.client = client;
    this.home = home;
    this.mask = mask;
    kubelets = new KubeletClient(http, dialer, trust, deadlines, PATIENCE);
    mounts = new Shared<>(MOUNTS_KEPT, new ClaimMounts(client)::of);
  }

  /** For the monitors of one namespace. */
  public Kubelets seenFrom(String namespace) {
    return new SeenFrom(namespace, summaries, mounts);
  }

  private KubeletClient.Told ask(String node) throws NotTold, InterruptedException {
    try {
      return kubelets.ask(place(node), tokens.get(ACCOUNT, PATIENCE));
    } catch (TimeoutException _) {
      throw KubeletClient.unasked(node, "the API server does not give a token for it in time");
    } catch (KubernetesClientException e) {
      throw new NotTold("node %s cannot be read: %s".formatted(node, ApiFailure.words(e)));
    }
  }

  private KubeletClient.Place place(String name) throws NotTold {
    try {
      var node = client.nodes().withName(name).get();
      if (node == null) {
        throw new NotTold("there is no node " + name + " in this cluster");
      }
      var status = requireNonNullElse(node.getStatus(), new NodeStatus());
      var addresses = requireNonNullElse(status.getAddresses(), List.<NodeAddress>of());
      for (var address : addresses) {
        var literal = Literals.parse(address.getAddress());
        if ("InternalIP".equals(address.getType()) && literal != null) {
          return new KubeletClient.Place(name, literal, port(status));
        }
      }
      throw new NotTold("node " + name + " has no InternalIP, where its kubelet would be");
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new NotTold("Heartbeat may not get nodes; " + FIX);
      }
      throw e;
    }
  }

  private static int port(NodeStatus status) {
    var endpoints = requireNonNullElse(status.getDaemonEndpoints(), new NodeDaemonEndpoints());
    var kubelet = endpoints.getKubeletEndpoint();
    var port = kubelet == null ? null : kubelet.getPort();
    return port == null || port <= 0 || port > 65535 ? USUAL_PORT : port;
  }

  private SecretValue newToken(String account) throws NotTold {
    var wanted =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(TOKEN_LIVES.toSeconds())
            .endSpec()
            .build();
    try {
      var granted =
          client.serviceAccounts().inNamespace(home.get()).withName(account).tokenRequest(wanted);
      var token = SecretValue.of(granted.getStatus().getToken());
      mask.learn(token);
      return token;
    } catch (KubernetesClientException e) {
      throw new NotTold(
          switch (e.getCode()) {
            case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_NOT_FOUND ->
                "Heartbeat may not create a token of ServiceAccount %s beside its own; %s"
                    .formatted(account, FIX);
            default -> "the API server gives no token for kubelets: " + ApiFailure.words(e);
          });
    }
  }

  @Override
  public void close() {
    deadlines.close();
  }
}
