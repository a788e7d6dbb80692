package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Deployments, StatefulSets and DaemonSets, read live and replaced by compare-and-set. */
record Workloads(Ticket ticket) {

  Workloads(KubernetesClient client, InstantSource clock) {
    this(new Ticket(client, clock, Marks.RECOVERY, KubernetesActor.ROLE));
  }

  /**
   * @param obstacle why it must not be touched, by how its rollout is; null: it may be
   */
  Facts look(
      String namespace, WorkloadRef workload, Function<Rollout, @Nullable Obstacle> obstacle) {
    return read(
        namespace,
        workload,
        found -> {
          var rollout = Rollout.of(workload.kind(), found);
          return found(namespace, workload, found, effect(rollout), obstacle.apply(rollout));
        });
  }

  /** What is read of it; whatever goes wrong is in the facts. */
  Facts read(
      String namespace, WorkloadRef workload, Function<GenericKubernetesResource, Facts> facts) {
    try {
      return Optional.ofNullable(Kinds.at(ticket.client(), namespace, workload.subject()).get())
          .map(facts)
          .orElseGet(Facts.Missing::new);
    } catch (NumberFormatException _) {
      return new Facts.Unreadable(Marks.badSequence(workload.subject()));
    } catch (KubernetesClientException e) {
      return new Facts.Unreadable(workload + ": " + ticket.words(e, namespace));
    }
  }

  static Effect effect(Rollout rollout) {
    return rollout.complete()
        ? new Effect.Complete("rolled out")
        : new Effect.Underway("waiting for the rollout");
  }

  Facts.Found found(
      String namespace,
      WorkloadRef workload,
      GenericKubernetesResource found,
      Effect effect,
      @Nullable Obstacle obstacle) {
    var marks = Marks.of(found, ticket.label());
    return new Facts.Found(
        found.getMetadata().getUid(),
        marks.released() ? null : Marks.release(workload.subject(), namespace, ticket.label()),
        marks.sequence(),
        marks.lastAction(),
        effect,
        obstacle == null
            ? null
            : new Obstacle(obstacle.gate(), workload + ": " + obstacle.why(), obstacle.lasting()),
        "");
  }
}
