package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The right to do what is planned: a compare-and-set on its subject, which one plan wins once.
 * Where the act is a change of the subject it is in the same write.
 *
 * @param label by which the subject's owner releases it
 * @param role what a namespace's owner binds to allow it
 */
record Ticket(KubernetesClient client, InstantSource clock, String label, String role) {
  private static final int TRIES = 5;

  /** An admission webhook or policy, or validation, said no. */
  private static final int UNPROCESSABLE = 422;

  /** Once more, with what was found when it was the turn of the plan. */
  @FunctionalInterface
  interface Judge {
    /** What stands in the way; null: nothing. */
    @Nullable Obstacle obstacle(GenericKubernetesResource found);
  }

  /**
   * Does the plan, or finds it done.
   *
   * @param change what the act changes on its subject
   */
  Outcome take(String namespace, Plan plan, Judge judge, Consumer<GenericKubernetesResource> change)
      throws InterruptedException {
    return replace(
        namespace,
        plan.subject(),
        found -> verdict(plan, found, judge),
        found -> {
          Marks.done(found, plan, clock.instant());
          change.accept(found);
        },
        new Outcome.Done());
  }

  /** Who did not release it has nothing to fear from a plan, and is left alone. */
  Outcome callOff(String namespace, Plan plan) throws InterruptedException {
    return replace(
        namespace,
        plan.subject(),
        found ->
            standing(plan, found)
                .or(
                    () ->
                        Marks.of(found, label).released()
                            ? Optional.empty()
                            : refused(plan.subject() + " is not released")),
        found -> Marks.calledOff(found, plan),
        new Outcome.Refused("called off"));
  }

  /**
   * Reads the subject and replaces it by PUT with the resourceVersion that was judged; again, when
   * somebody wrote in between.
   *
   * @param verdict what there is to say without replacing it; empty: it is to be replaced
   */
  Outcome replace(
      String namespace,
      Subject subject,
      Function<GenericKubernetesResource, Optional<Outcome>> verdict,
      Consumer<GenericKubernetesResource> change,
      Outcome changed)
      throws InterruptedException {
    try {
      for (var tried = 0; tried < TRIES; tried++) {
        var found = Optional.ofNullable(Kinds.at(client, namespace, subject).get());
        if (found.isEmpty()) {
          return new Outcome.Refused(subject + " " + Outcome.GONE);
        }
        var said = verdict.apply(found.get());
        if (said.isPresent()) {
          return said.get();
        }
        change.accept(found.get());
        if (replaced(subject, found.get())) {
          return changed;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      return new Outcome.Failed(
          subject + " was changed by somebody else each time, " + TRIES + " times in a row");
    } catch (NumberFormatException _) {
      return new Outcome.Refused(Marks.badSequence(subject));
    } catch (KubernetesClientException e) {
      return outcome(subject, namespace, e);
    }
  }

  /** What the API server's no means. */
  Outcome outcome(Subject subject, String namespace, KubernetesClientException e)
      throws InterruptedException {
    // Fabric8 wraps an interrupt; the flag tells.
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    var why = subject + ": " + words(e, namespace);
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_BAD_REQUEST, // what an admission webhook says by default
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_NOT_FOUND,
          UNPROCESSABLE ->
          new Outcome.Refused(why);
      default -> new Outcome.Failed(why);
    };
  }

  /** The API server's words, and how to allow what it forbids. */
  String words(KubernetesClientException e, String namespace) {
    return ApiFailure.words(e)
        + (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            ? ". To allow it: " + ApiFailure.grant(e, role, namespace)
            : "");
  }

  /** The gates that can be seen on the subject itself; empty: all open. */
  private Optional<Outcome> verdict(Plan plan, GenericKubernetesResource found, Judge judge) {
    var subject = plan.subject();
    var standing = standing(plan, found);
    if (standing.isPresent()) {
      return standing;
    }
    if (!Marks.of(found, label).released()) {
      return refused(
          "%s is not released to Heartbeat: %s"
              .formatted(
                  subject, Marks.release(subject, found.getMetadata().getNamespace(), label)));
    }
    var limit = limited(found);
    if (limit != null) {
      return refused(limit.gate() + ": " + limit.why());
    }
    if (!clock.instant().isBefore(plan.deadline())) {
      return refused("the plan's time was over at " + plan.deadline());
    }
    var obstacle = judge.obstacle(found);
    return obstacle == null
        ? Optional.empty()
        : refused("%s: %s: %s".formatted(obstacle.gate(), subject, obstacle.why()));
  }

  /** What its owner does not allow now; null: nothing. */
  @Nullable Obstacle limited(HasMetadata found) {
    return Marks.limits(found)
        .closed(clock.instant())
        .map(
            why ->
                Obstacle.passing(
                    "owner's limit",
                    found.getKind() + "/" + found.getMetadata().getName() + ": " + why))
        .orElse(null);
  }

  /** Nobody did anything later, and the plan's time to be begun is not over. */
  boolean isHeld(Plan plan, HasMetadata found) {
    var marks = Marks.of(found, label);
    return plan.uid().equals(found.getMetadata().getUid())
        && plan.id().equals(marks.lastAction())
        && plan.sequence() == marks.sequence()
        && marks.released()
        && clock.instant().isBefore(plan.deadline());
  }

  /** Whether it was done, or never can be; empty: it is still to be done. */
  private Optional<Outcome> standing(Plan plan, GenericKubernetesResource found) {
    var subject = plan.subject();
    var marks = Marks.of(found, label);
    if (!found.getMetadata().getUid().equals(plan.uid())) {
      return refused(subject + " was deleted and made anew since it was planned");
    }
    if (plan.id().equals(marks.lastAction())) {
      return Optional.of(new Outcome.Done());
    }
    if (plan.sequence() - marks.sequence() > Marks.FARTHEST) {
      return refused(
          "number %d is not one of %s, which is at %d"
              .formatted(plan.sequence(), subject, marks.sequence()));
    }
    return marks.sequence() >= plan.sequence()
        ? refused(
            "a later act was done on %s, or this one called off: number %d, and this is number %d"
                .formatted(subject, marks.sequence(), plan.sequence()))
        : Optional.empty();
  }

  /** False: somebody wrote since it was read, so nothing was replaced. */
  private boolean replaced(Subject subject, GenericKubernetesResource found) {
    try {
      Kinds.at(client, subject, found).update();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private static Optional<Outcome> refused(String why) {
    return Optional.of(new Outcome.Refused(why));
  }
}
