package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What must be so before the start, each with what to do when it is not. */
final class Preconditions {
  private static final String MONITORS = "heartbeatmonitors";

  private final KubernetesClient client;

  Preconditions(KubernetesClient client) {
    this.client = client;
  }

  /** In every watched namespace. */
  private static final List<Right> NEEDED =
      List.of(
          new Right("get", HeartbeatMonitor.GROUP, MONITORS), // each act is decided on it as it is
          new Right("list", HeartbeatMonitor.GROUP, MONITORS),
          new Right("watch", HeartbeatMonitor.GROUP, MONITORS),
          new Right("update", HeartbeatMonitor.GROUP, MONITORS, "status", ""));

  /**
   * @throws CannotStart saying all that is missing
   */
  void verify(Settings settings) throws CannotStart {
    try {
      verifyResource();
      verifyRights(settings);
      verifySelector(settings);
    } catch (KubernetesClientException e) {
      throw new CannotStart(client.getMasterUrl() + ": " + ApiFailure.words(e), e);
    }
  }

  /**
   * By discovery, which everybody may, not by reading the CRD, which needs a cluster-wide right.
   */
  private void verifyResource() throws CannotStart {
    var wanted = HeartbeatMonitor.GROUP + "/" + HeartbeatMonitor.VERSION;
    var resources = client.getApiResources(wanted);
    if (resources == null) {
      var group = client.getApiGroup(HeartbeatMonitor.GROUP);
      throw new CannotStart(
          group == null
              ? "the cluster does not know the resource HeartbeatMonitor. To install it: heartbeat"
                  + " crd | kubectl apply --server-side -f -"
              : "the cluster has HeartbeatMonitor in version %s, and this Heartbeat needs %s. To install it: heartbeat crd | kubectl apply --server-side -f -"
                  .formatted(
                      group.getVersions().stream()
                          .map(GroupVersionForDiscovery::getVersion)
                          .collect(Collectors.joining(", ")),
                      HeartbeatMonitor.VERSION));
    }
    var names = resources.getResources().stream().map(it -> it.getName()).toList();
    if (!names.containsAll(List.of(MONITORS, MONITORS + "/status"))) {
      throw new CannotStart(
          "the cluster's HeartbeatMonitor has no status subresource; it was not installed by"
              + " Heartbeat. To mend it: heartbeat crd | kubectl apply --server-side -f -");
    }
  }

  private void verifyRights(Settings settings) throws CannotStart {
    var missing = new ArrayList<String>();
    var scopes = settings.allNamespaces() ? List.of("") : settings.namespaces();
    for (var namespace : scopes) {
      var lacking = NEEDED.stream().filter(right -> !right.isGiven(client, namespace)).toList();
      if (!lacking.isEmpty()) {
        missing.add(words(lacking, namespace));
      }
    }
    if (!missing.isEmpty()) {
      throw new CannotStart(String.join("\n", missing));
    }
  }

  /** The API server knows best what a selector is. */
  private void verifySelector(Settings settings) throws CannotStart {
    if (settings.selector() == null) {
      return;
    }
    var options =
        new ListOptionsBuilder().withLimit(1L).withLabelSelector(settings.selector()).build();
    var monitors = client.resources(HeartbeatMonitor.class);
    try {
      var _ =
          settings.allNamespaces()
              ? monitors.inAnyNamespace().list(options)
              : monitors.inNamespace(settings.namespaces().getFirst()).list(options);
    } catch (KubernetesClientException e) {
      if (e.getCode() == 400) {
        throw new CannotStart("--selector " + settings.selector() + ": " + ApiFailure.words(e), e);
      }
      throw e;
    }
  }

  private String words(List<Right> lacking, String namespace) {
    var rights = lacking.stream().map(Right::toString).collect(Collectors.joining(", "));
    var account = Account.of(client);
    return namespace.isEmpty()
        ? "Heartbeat may not %s in all namespaces. To allow it: kubectl create clusterrolebinding %s --clusterrole=%s --serviceaccount=%s"
            .formatted(
                rights, ClusterStatusStore.WATCHER_ROLE, ClusterStatusStore.WATCHER_ROLE, account)
        : "Heartbeat may not %s in namespace %s. To allow it: %s"
            .formatted(
                rights,
                namespace,
                ApiFailure.grant(ClusterStatusStore.WATCHER_ROLE, namespace, account.toString()));
  }
}
