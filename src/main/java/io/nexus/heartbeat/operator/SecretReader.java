package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.act.KubernetesActor;
import java.net.HttpURLConnection;
import java.time.Duration;

/** Secrets by live GET, kept for half a minute: no right to list or watch Secrets is needed. */
final class SecretReader {
  private static final Duration KEPT = Duration.ofSeconds(30);

  /** Who mends a Secret wants to see it noticed. */
  private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final Recent<Name, Answer> recent =
      new Recent<>(this::fetch, answer -> answer instanceof Answer.Found ? KEPT : FAILURE_KEPT);

  SecretReader(KubernetesClient client) {
    this.client = client;
  }

  record Name(String namespace, String name) {}

  /** A Secret, or in words why not. */
  sealed interface Answer {
    record Found(Secret secret) implements Answer {
      @Override
      public String toString() {
        return "Found[***]";
      }
    }

    record Not(String why) implements Answer {}
  }

  Answer read(String namespace, String name) throws InterruptedException {
    return recent.get(new Name(namespace, name));
  }

  private Answer fetch(Name wanted) {
    var namespace = wanted.namespace();
    try {
      var secret = client.secrets().inNamespace(namespace).withName(wanted.name()).get();
      return secret == null
          ? new Answer.Not(
              "Secret %s not found in namespace %s".formatted(wanted.name(), namespace))
          : new Answer.Found(secret);
    } catch (KubernetesClientException e) {
      return new Answer.Not(
          e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
              ? "Heartbeat may not read Secrets in namespace %s: %s"
                  .formatted(namespace, ApiFailure.grant(e, KubernetesActor.ROLE, namespace))
              : "Secret %s in namespace %s cannot be read: %s"
                  .formatted(wanted.name(), namespace, ApiFailure.words(e)));
    }
  }
}
