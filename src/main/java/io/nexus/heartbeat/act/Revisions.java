package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pod templates that a workload has had, newest first: of a Deployment by its ReplicaSets, of a
 * StatefulSet or DaemonSet by its ControllerRevisions.
 *
 * @param served how long one must have been in service before it was replaced
 */
record Revisions(List<Revision> newestFirst, Duration served) {
  /** What was replaced sooner is taken for no good. */
  static final Duration SERVED = Duration.ofMinutes(10);

  private static final String NUMBER = "deployment.kubernetes.io/revision";

  /**
   * @param since when it was last rolled out, as far as can be seen: when it was made
   */
  record Revision(long number, Instant since, Map<String, Object> template) {

    boolean differsFrom(Revision other) {
      return !essence(template).equals(essence(other.template));
    }
  }

  static Revisions of(
      KubernetesClient client,
      WorkloadRef workload,
      GenericKubernetesResource found,
      Duration served) {
    var namespace = found.getMetadata().getNamespace();
    var uid = Set.of(found.getMetadata().getUid());
    var selector =
        client
            .getKubernetesSerialization()
            .convertValue(found.get("spec", "selector"), LabelSelector.class);
    var kind = workload.kind() == WorkloadRef.Kind.Deployment ? "ReplicaSet" : "ControllerRevision";
    return new Revisions(
        Kinds.all(client, namespace, kind).withLabelSelector(selector).list().getItems().stream()
            .filter(it -> OwnPods.isControlledBy(it, uid))
            .flatMap(it -> revision(it).stream())
            .sorted(Comparator.comparingLong(Revision::number).reversed())
            .toList(),
        served);
  }

  Optional<Revision> present() {
    return newestFirst.stream().findFirst();
  }

  /**
   * The newest that differs from the present one by more than a restart, and was in service for
   * long enough before something else replaced it.
   */
  Optional<Revision> before() {
    for (var i = 1; i < newestFirst.size(); i++) {
      var it = newestFirst.get(i);
      var replaced = newestFirst.get(i - 1).since();
      if (it.differsFrom(newestFirst.getFirst())
          && Duration.between(it.since(), replaced).compareTo(served) >= 0) {
        return Optional.of(it);
      }
    }
    return Optional.empty();
  }

  /** When what is now was first rolled out; restarts since do not count. */
  Optional<Instant> presentSince() {
    return newestFirst.stream()
        .takeWhile(it -> !it.differsFrom(newestFirst.getFirst()))
        .reduce((_, older) -> older)
        .map(Revision::since);
  }

  private static Optional<Revision> revision(GenericKubernetesResource it) {
    var made = Instant.parse(it.getMetadata().getCreationTimestamp());
    // A Deployment's is in the ReplicaSet's spec, the others' is a patch of theirs.
    var template =
        "ReplicaSet".equals(it.getKind())
            ? it.<Object>get("spec", "template")
            : it.<Object>get("data", "spec", "template");
    return template instanceof Map<?, ?> map
        ? Optional.of(new Revision(number(it), made, copy(map)))
        : Optional.empty();
  }

  private static long number(GenericKubernetesResource it) {
    var annotations = annotations(it);
    try {
      return annotations.containsKey(NUMBER)
          ? Long.parseLong(annotations.get(NUMBER))
          : Replicas.number(it, 0, "revision");
    } catch (NumberFormatException _) {
      return 0; // none that its controller wrote: older than any
    }
  }

  private static Map<String, String> annotations(HasMetadata it) {
    return requireNonNullElse(it.getMetadata().getAnnotations(), Map.of());
  }

  /** Without what the controllers and restarts add. */
  private static Map<String, Object> essence(Map<String, Object> template) {
    var bare = copy(template);
    without(bare, "labels", "pod-template-hash");
    without(bare, "annotations", RestartDeed.RESTARTED_AT);
    return bare;
  }

  /** What is put into the workload again: a restart belongs to its time, the hash to its set. */
  static Map<String, Object> restorable(Revision revision) {
    var template = copy(revision.template());
    template.remove("$patch");
    without(template, "labels", "pod-template-hash");
    return template;
  }

  private static void without(Map<String, Object> template, String map, String key) {
    template.remove("$patch");
    if (template.get("metadata") instanceof Map<?, ?> metadata) {
      var copied = copy(metadata);
      if (copied.get(map) instanceof Map<?, ?> entries) {
        var left = copy(entries);
        left.remove(key);
        if (left.isEmpty()) {
          copied.remove(map);
        } else {
          copied.put(map, left);
        }
      }
      copied.remove("creationTimestamp"); // null in one, absent in another
      template.put("metadata", copied);
    }
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    var copy = new HashMap<String, Object>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }
}
