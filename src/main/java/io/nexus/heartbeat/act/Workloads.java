package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Deployments, StatefulSets and DaemonSets, read live and replaced by compare-and-set. */
record Workloads(Ticket ticket) {

  Workloads(KubernetesClient client, InstantSource clock) {
    this(new Ticket(client, clock, Marks.RECOVERY, KubernetesActor.ROLE));
  }

  /** What is said of a workload, besides what stands on it. */
  record Said(Effect effect, @Nullable Obstacle obstacle, String affects, List<PodRef> pods) {
    Said(Effect effect, @Nullable Obstacle obstacle, String affects) {
      this(effect, obstacle, affects, List.of());
    }
  }

  /** Reads it; whatever goes wrong is in the facts. */
  Facts look(
      String namespace, WorkloadRef workload, Function<GenericKubernetesResource, Said> say) {
    try {
      return Optional.ofNullable(Kinds.at(client(), namespace, workload.subject()).get())
          .<Facts>map(found -> facts(namespace, workload, found, say.apply(found)))
          .orElseGet(Facts.Missing::new);
    } catch (NumberFormatException _) {
      return new Facts.Unreadable(Marks.badSequence(workload.subject()));
    } catch (KubernetesClientException e) {
      return new Facts.Unreadable(workload + ": " + ticket.words(e, namespace));
    }
  }

  private Facts facts(
      String namespace, WorkloadRef workload, GenericKubernetesResource found, Said said) {
    var marks = Marks.of(found, ticket.label());
    return new Facts.Found(
        found.getMetadata().getUid(),
        marks.released() ? null : Marks.release(workload.subject(), namespace, ticket.label()),
        marks.sequence(),
        marks.lastAction(),
        said.effect(),
        said.obstacle() == null ? ticket.limited(found) : named(workload, said.obstacle()),
        said.affects(),
        said.pods());
  }

  private static @Nullable Obstacle named(WorkloadRef workload, @Nullable Obstacle obstacle) {
    return obstacle == null
        ? null
        : new Obstacle(obstacle.gate(), workload + ": " + obstacle.why(), obstacle.lasting());
  }

  KubernetesClient client() {
    return ticket.client();
  }

  InstantSource clock() {
    return ticket.clock();
  }
}
