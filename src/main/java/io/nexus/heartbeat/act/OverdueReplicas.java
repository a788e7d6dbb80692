package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts back what was scaled up and that no monitor remembers: its monitor was deleted while nobody
 * ran, or cannot be read. What it was, and until when, stands on the workload itself.
 *
 * @param clock by which its time is over
 */
public record OverdueReplicas(KubernetesClient client, InstantSource clock) {
  private static final Logger log = LoggerFactory.getLogger(OverdueReplicas.class);

  /** Whoever remembers it comes first. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** Those that may be scaled up. */
  private static final List<WorkloadRef.Kind> KINDS =
      List.of(WorkloadRef.Kind.Deployment, WorkloadRef.Kind.StatefulSet);

  /**
   * Looks at the workloads of a namespace that are released for repair.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException they cannot be listed
   */
  public void putBack(String namespace) throws InterruptedException {
    var before = clock.instant().minus(GRACE);
    for (var kind : KINDS) {
      for (var found : released(namespace, kind)) {
        if (ScaledMark.of(found).filter(mark -> mark.until().isBefore(before)).isPresent()) {
          putBack(namespace, new WorkloadRef(kind, found.getMetadata().getName()), before);
        }
      }
    }
  }

  private List<GenericKubernetesResource> released(String namespace, WorkloadRef.Kind kind) {
    return Kinds.all(client, namespace, kind.name())
        .withLabel(Marks.RECOVERY, "allowed")
        .list()
        .getItems();
  }

  private void putBack(String namespace, WorkloadRef workload, Instant until)
      throws InterruptedException {
    var ticket = new Ticket(client, clock, Marks.RECOVERY, KubernetesActor.ROLE);
    switch (ScaledMark.putBack(ticket, namespace, workload, until)) {
      case Outcome.Done _ ->
          log.info("{}: {} has its replicas again; no monitor knew of it", namespace, workload);
      case Outcome.Refused(var why) -> log.warn("{}: its replicas stay raised: {}", namespace, why);
      case Outcome.Failed(var why) ->
          log.warn("{}: its replicas stay raised, for now: {}", namespace, why);
    }
  }
}
