package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.OwnerLimits;
import io.nexus.heartbeat.decide.WorkloadFacts;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Deployments, StatefulSets and DaemonSets, read live and replaced by compare-and-set. As generic
 * resources: three kinds are one path, and fields this version does not know survive the PUT.
 */
public final class KubernetesWorkloads implements Workloads {
  /** The role that a namespace's owner binds to let Heartbeat act there. */
  public static final String ACTOR_ROLE = "heartbeat-actor";

  static final String RECOVERY = HeartbeatMonitor.GROUP + "/recovery";
  static final String ACTION = HeartbeatMonitor.GROUP + "/action";
  static final String SEQUENCE = HeartbeatMonitor.GROUP + "/sequence";

  /** What {@code kubectl rollout restart} writes, so that its history reads the same. */
  static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  private static final int TRIES = 5;

  private final KubernetesClient client;
  private final InstantSource clock;

  public KubernetesWorkloads(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public WorkloadFacts look(String namespace, WorkloadRef workload) {
    try {
      var found = Optional.ofNullable(at(namespace, workload).get());
      return found
          .<WorkloadFacts>map(it -> facts(workload, it))
          .orElseGet(WorkloadFacts.Missing::new);
    } catch (NumberFormatException _) {
      return new WorkloadFacts.Unreadable(badSequence(workload));
    } catch (KubernetesClientException e) {
      return new WorkloadFacts.Unreadable(
          workload + ": " + ApiFailure.words(e) + remedy(e, namespace));
    }
  }

  @Override
  public Outcome restart(String namespace, Plan plan) throws InterruptedException {
    return comparedAndSet(
        namespace,
        plan,
        found -> judge(plan, found),
        found -> {
          annotate(found, plan, Map.of(ACTION, plan.id(), OwnerLimits.ACTS, history(found)));
          templateAnnotations(found)
              .put(RESTARTED_AT, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        },
        new Outcome.Done());
  }

  @Override
  public Outcome callOff(String namespace, Plan plan) throws InterruptedException {
    return comparedAndSet(
        namespace,
        plan,
        found -> standing(plan, found),
        found -> annotate(found, plan, Map.of()),
        new Outcome.Refused("called off"));
  }

  /**
   * Reads the workload and replaces it by PUT with the resourceVersion that was judged; again, when
   * somebody wrote in between.
   *
   * @param verdict what there is to say without replacing it; empty: it is to be replaced
   */
  private Outcome comparedAndSet(
      String namespace,
      Plan plan,
      Function<GenericKubernetesResource, Optional<Outcome>> verdict,
      Consumer<GenericKubernetesResource> change,
      Outcome changed)
      throws InterruptedException {
    var workload = plan.workload();
    try {
      for (var tried = 0; tried < TRIES; tried++) {
        var found = Optional.ofNullable(at(namespace, workload).get());
        if (found.isEmpty()) {
          return new Outcome.Refused(workload + " does not exist any more");
        }
        var said = verdict.apply(found.get());
        if (said.isPresent()) {
          return said.get();
        }
        change.accept(found.get());
        if (replaced(workload, found.get())) {
          return changed;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      return new Outcome.Failed(
          workload + " was changed by somebody else each time, " + TRIES + " times in a row");
    } catch (NumberFormatException _) {
      return new Outcome.Refused(badSequence(workload));
    } catch (KubernetesClientException e) {
      // Fabric8 wraps an interrupt; the flag tells.
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      var why = workload + ": " + ApiFailure.words(e) + remedy(e, namespace);
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_BAD_REQUEST, // what an admission webhook says by default
            HttpURLConnection.HTTP_FORBIDDEN,
            HttpURLConnection.HTTP_NOT_FOUND,
            UNPROCESSABLE ->
            new Outcome.Refused(why);
        default -> new Outcome.Failed(why);
      };
    }
  }

  /** An admission webhook or policy, or validation, said no. */
  private static final int UNPROCESSABLE = 422;

  /** The gates that can be seen on the workload itself; empty: all open. */
  private Optional<Outcome> judge(Plan plan, GenericKubernetesResource found) {
    var workload = plan.workload();
    var facts = facts(workload, found);
    var standing = standing(plan, found);
    if (standing.isPresent()) {
      return standing;
    }
    if (!facts.optedIn()) {
      return refused(
          "%s is not released to Heartbeat: kubectl label %s %s -n %s %s=allowed"
              .formatted(
                  workload,
                  workload.kind().name().toLowerCase(Locale.ROOT),
                  workload.name(),
                  found.getMetadata().getNamespace(),
                  RECOVERY));
    }
    var limit = facts.limits().closed(clock.instant());
    if (limit.isPresent()) {
      return refused("owner's limit: " + workload + ": " + limit.get());
    }
    if (!clock.instant().isBefore(plan.deadline())) {
      return refused("the plan's time was over at " + plan.deadline());
    }
    if (facts.changing() != null) {
      return refused(workload + " is being changed by somebody else: " + facts.changing());
    }
    return facts.byHand() == null ? Optional.empty() : refused(workload + ": " + facts.byHand());
  }

  /** Whether it was done, or never can be; empty: it is still to be done. */
  private static Optional<Outcome> standing(Plan plan, GenericKubernetesResource found) {
    var workload = plan.workload();
    var facts = facts(workload, found);
    if (!facts.uid().equals(plan.workloadUid())) {
      return refused(workload + " was deleted and made anew since the restart was planned");
    }
    if (plan.id().equals(facts.lastAction())) {
      return Optional.of(new Outcome.Done());
    }
    return facts.sequence() >= plan.sequence()
        ? refused(
            "a later act was done on %s, or this one called off: number %d, and this is number %d"
                .formatted(workload, facts.sequence(), plan.sequence()))
        : Optional.empty();
  }

  /** With this act. It is in the very write that is the act, so no monitor misses another's. */
  private String history(GenericKubernetesResource found) {
    var annotations =
        requireNonNullElse(found.getMetadata().getAnnotations(), Map.<String, String>of());
    return OwnerLimits.recorded(annotations.get(OwnerLimits.ACTS), clock.instant());
  }

  private static void annotate(
      GenericKubernetesResource found, Plan plan, Map<String, String> more) {
    var annotations =
        new HashMap<>(requireNonNullElse(found.getMetadata().getAnnotations(), Map.of()));
    annotations.putAll(more);
    annotations.put(SEQUENCE, Long.toString(plan.sequence()));
    found.getMetadata().setAnnotations(annotations);
  }

  /** False: somebody wrote since it was read, so nothing was replaced. */
  private boolean replaced(WorkloadRef workload, GenericKubernetesResource found) {
    try {
      at(found.getMetadata().getNamespace(), workload, found).update();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private static Map<String, Object> templateAnnotations(GenericKubernetesResource workload) {
    return child(
        child(child(child(workload.getAdditionalProperties(), "spec"), "template"), "metadata"),
        "annotations");
  }

  @SuppressWarnings("unchecked") // JSON objects are maps of this type
  private static Map<String, Object> child(Map<String, Object> parent, String name) {
    if (!(parent.get(name) instanceof Map)) {
      parent.put(name, new HashMap<String, Object>());
    }
    return (Map<String, Object>) parent.get(name);
  }

  private static WorkloadFacts.Found facts(
      WorkloadRef workload, GenericKubernetesResource resource) {
    var metadata = resource.getMetadata();
    var labels = requireNonNullElse(metadata.getLabels(), Map.<String, String>of());
    var annotations = requireNonNullElse(metadata.getAnnotations(), Map.<String, String>of());
    var rollout = Rollout.of(workload.kind(), resource);
    return new WorkloadFacts.Found(
        metadata.getUid(),
        "allowed".equals(labels.get(RECOVERY)),
        Long.parseLong(annotations.getOrDefault(SEQUENCE, "0")),
        annotations.get(ACTION),
        rollout.complete(),
        rollout.changing(),
        rollout.byHand(),
        OwnerLimits.of(annotations));
  }

  private static String badSequence(WorkloadRef workload) {
    return "%s: the annotation %s is not a number; Heartbeat wrote one there: remove it, or put it back"
        .formatted(workload, SEQUENCE);
  }

  private static String remedy(KubernetesClientException e, String namespace) {
    return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        ? ". To allow it: " + ApiFailure.grant(e, ACTOR_ROLE, namespace)
        : "";
  }

  private static Optional<Outcome> refused(String why) {
    return Optional.of(new Outcome.Refused(why));
  }

  private Resource<GenericKubernetesResource> at(String namespace, WorkloadRef workload) {
    return at(client, namespace, workload);
  }

  /** To read it live. */
  public static Resource<GenericKubernetesResource> at(
      KubernetesClient client, String namespace, WorkloadRef workload) {
    return client
        .genericKubernetesResources(definition(workload))
        .inNamespace(namespace)
        .withName(workload.name());
  }

  private Resource<GenericKubernetesResource> at(
      String namespace, WorkloadRef workload, GenericKubernetesResource item) {
    return client
        .genericKubernetesResources(definition(workload))
        .inNamespace(namespace)
        .resource(item);
  }

  /** Written out, so that nothing has to be discovered. */
  private static ResourceDefinitionContext definition(WorkloadRef workload) {
    return new ResourceDefinitionContext.Builder()
        .withGroup("apps")
        .withVersion("v1")
        .withKind(workload.kind().name())
        .withPlural(workload.kind().name().toLowerCase(Locale.ROOT) + "s")
        .withNamespaced(true)
        .build();
  }
}
