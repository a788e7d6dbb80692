package io.nexus.heartbeat.operator.kubelet;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.act.KubernetesActor;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** On which nodes the claims of a namespace are mounted, by its pods that run. */
record ClaimMounts(KubernetesClient client) {
  /** A pod is some 10 kB of JSON, of which a few names are kept. */
  private static final long PAGE = 250;

  private static final int MOST_PAGES = 40;

  /** The nodes of each claim, by name. */
  Map<String, SortedSet<String>> of(String namespace) throws NotTold {
    var pods =
        client
            .pods()
            .inNamespace(namespace)
            .withoutField("status.phase", "Succeeded")
            .withoutField("status.phase", "Failed");
    var found = new HashMap<String, SortedSet<String>>();
    var next = "";
    try {
      for (var page = 0; page < MOST_PAGES; page++) {
        var options = new ListOptionsBuilder().withLimit(PAGE);
        var list = pods.list((next.isEmpty() ? options : options.withContinue(next)).build());
        list.getItems().forEach(pod -> add(pod, found));
        next = requireNonNullElse(list.getMetadata().getContinue(), "");
        if (next.isEmpty()) {
          return found;
        }
      }
    } catch (KubernetesClientException e) {
      throw new NotTold(
          e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
              ? "Heartbeat may not see which pods of namespace %s mount it: %s"
                  .formatted(namespace, ApiFailure.grant(e, KubernetesActor.ROLE, namespace))
              : "the pods of namespace %s cannot be read: %s"
                  .formatted(namespace, ApiFailure.words(e)));
    }
    throw new NotTold(
        "namespace %s has more than %d pods, too many to find the one that mounts it; set prometheus"
            .formatted(namespace, PAGE * MOST_PAGES));
  }

  private static void add(Pod pod, Map<String, SortedSet<String>> found) {
    var node = pod.getSpec().getNodeName();
    if (node == null || node.isEmpty()) {
      return;
    }
    for (var volume : requireNonNullElse(pod.getSpec().getVolumes(), List.<Volume>of())) {
      var named = volume.getPersistentVolumeClaim();
      if (named != null) {
        found.computeIfAbsent(named.getClaimName(), _ -> new TreeSet<>()).add(node);
      } else if (volume.getEphemeral() != null) {
        // Its claim is named after both.
        found
            .computeIfAbsent(
                pod.getMetadata().getName() + "-" + volume.getName(), _ -> new TreeSet<>())
            .add(node);
      }
    }
  }
}
