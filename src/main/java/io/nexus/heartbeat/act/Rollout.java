package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a workload is on its way to its newest version, judged as {@code kubectl rollout status}
 * does (kubectl/pkg/polymorphichelpers/rollout_status.go).
 *
 * @param complete all that should run does run, in its newest version, and is available
 * @param phase where it is
 * @param changing why somebody is changing it; null: nobody
 * @param byHand set when it replaces no pod by itself ({@code OnDelete}), so that no restart can
 *     come of changing its template
 */
public record Rollout(
    boolean complete, Phase phase, @Nullable String changing, @Nullable String byHand) {

  /** Where its newest version is. */
  public enum Phase {
    /** Rolled out, however its pods are now. */
    Settled,
    Moving,
    /** It does not come to its end by itself, and says so. */
    Stuck,
    /** Paused, or being deleted. */
    Held,
    /** No pod should run. */
    Empty
  }

  /** Why a workload must not be given new pods now; null: it may be. */
  @Nullable Obstacle obstacle() {
    if (changing != null) {
      return Obstacle.passing("being changed by somebody else", changing);
    }
    return byHand == null ? null : Obstacle.passing("cannot be restarted", byHand);
  }

  /** How far what began it has come. */
  Effect effect() {
    return complete
        ? new Effect.Complete("rolled out")
        : new Effect.Underway(
            changing == null ? "waiting until all of it runs well" : "waiting: " + changing);
  }

  public static Rollout of(WorkloadRef.Kind kind, GenericKubernetesResource workload) {
    var fields = new Fields(workload);
    var byHand =
        kind != WorkloadRef.Kind.Deployment
                && "OnDelete".equals(fields.text("spec", "updateStrategy", "type"))
            ? "its update strategy is OnDelete: it replaces no pod by itself"
            : null;
    if (workload.isMarkedForDeletion()) {
      return new Rollout(false, Phase.Held, "being deleted", byHand);
    }
    var generation = Objects.requireNonNullElse(workload.getMetadata().getGeneration(), 0L);
    if (fields.number(0, "status", "observedGeneration") < generation) {
      return new Rollout(
          false, Phase.Moving, "just changed: its controller has not seen it yet", byHand);
    }
    return switch (kind) {
      case Deployment -> ofDeployment(fields);
      case StatefulSet -> ofStatefulSet(fields, byHand);
      case DaemonSet -> ofDaemonSet(fields, byHand);
    };
  }

  private static Rollout ofDeployment(Fields fields) {
    if (fields.flag("spec", "paused")) {
      return new Rollout(false, Phase.Held, "paused", null);
    }
    var wanted = fields.number(1, "spec", "replicas");
    if (wanted == 0) {
      return scaledToZero(null);
    }
    var running = fields.number(0, "status", "replicas");
    var updated = fields.number(0, "status", "updatedReplicas");
    var available = fields.number(0, "status", "availableReplicas");
    // Only a rollout that never came to its end says so, not pods that fell ill later; what
    // somebody
    // rolls out and does not start is theirs to mend, and a restart would only start it anew.
    if (fields.conditionReason("Progressing").equals("ProgressDeadlineExceeded")) {
      return new Rollout(
          false,
          Phase.Stuck,
          "the last rollout is stuck (ProgressDeadlineExceeded): %d of %d updated, %d available"
              .formatted(updated, wanted, available),
          null);
    }
    if (updated < wanted) {
      return inProgress(updated + " of " + wanted + " updated", null);
    }
    if (running > updated) {
      return inProgress(running - updated + " old pods still to go", null);
    }
    // Pods that are merely not available after the rollout are ill, not being changed; while a
    // rollout is under way the controller says ReplicaSetUpdated, and NewReplicaSetAvailable once
    // it has been complete.
    var wasComplete =
        fields.conditionReason("Progressing").equals("NewReplicaSetAvailable")
            || fields.conditionReason("Progressing").isEmpty();
    if (available < updated) {
      var how = available + " of " + updated + " available";
      return wasComplete ? new Rollout(false, Phase.Settled, null, null) : inProgress(how, null);
    }
    return new Rollout(true, Phase.Settled, null, null);
  }

  private static Rollout ofStatefulSet(Fields fields, @Nullable String byHand) {
    var wanted = fields.number(1, "spec", "replicas");
    if (wanted == 0) {
      return scaledToZero(byHand);
    }
    var ready = fields.number(0, "status", "readyReplicas");
    if (byHand != null) {
      return new Rollout(ready >= wanted, Phase.Settled, null, byHand);
    }
    var partition = fields.number(0, "spec", "updateStrategy", "rollingUpdate", "partition");
    if (partition >= wanted) {
      byHand =
          "its partition, %d, keeps all %d pods from being replaced".formatted(partition, wanted);
      return new Rollout(ready >= wanted, Phase.Settled, null, byHand);
    }
    var toUpdate = wanted - partition;
    var updated = fields.number(0, "status", "updatedReplicas");
    var newest =
        fields.text("status", "updateRevision").equals(fields.text("status", "currentRevision"));
    // With a partition the revisions stay apart for good; without one they meet at the end.
    if (!newest && updated < toUpdate) {
      return inProgress(updated + " of " + toUpdate + " updated", null);
    }
    if (ready < wanted) {
      return newest || partition > 0
          ? new Rollout(false, Phase.Settled, null, null)
          : inProgress(ready + " of " + wanted + " ready", null);
    }
    return newest || partition > 0
        ? new Rollout(true, Phase.Settled, null, null)
        : inProgress("its revision is about to be settled", null);
  }

  private static Rollout ofDaemonSet(Fields fields, @Nullable String byHand) {
    var wanted = fields.number(0, "status", "desiredNumberScheduled");
    var updated = fields.number(0, "status", "updatedNumberScheduled");
    var available = fields.number(0, "status", "numberAvailable");
    if (wanted == 0) {
      return new Rollout(false, Phase.Empty, "no node takes its pods", byHand);
    }
    if (byHand == null && updated < wanted) {
      return inProgress(updated + " of " + wanted + " updated", null);
    }
    return new Rollout(available >= wanted, Phase.Settled, null, byHand);
  }

  private static Rollout scaledToZero(@Nullable String byHand) {
    return new Rollout(false, Phase.Empty, "scaled to zero", byHand);
  }

  private static Rollout inProgress(String how, @Nullable String byHand) {
    return new Rollout(false, Phase.Moving, "rollout in progress: " + how, byHand);
  }

  /** The three kinds as one: read by path, absent is absent. */
  private record Fields(GenericKubernetesResource resource) {

    long number(long otherwise, Object... path) {
      return resource.<Object>get(path) instanceof Number number ? number.longValue() : otherwise;
    }

    String text(Object... path) {
      return resource.<Object>get(path) instanceof String text ? text : "";
    }

    boolean flag(Object... path) {
      return Boolean.TRUE.equals(resource.<Object>get(path));
    }

    String conditionReason(String type) {
      if (resource.<Object>get("status", "conditions") instanceof List<?> conditions) {
        for (var each : conditions) {
          if (each instanceof Map<?, ?> condition && type.equals(condition.get("type"))) {
            return condition.get("reason") instanceof String reason ? reason : "";
          }
        }
      }
      return "";
    }
  }
}
