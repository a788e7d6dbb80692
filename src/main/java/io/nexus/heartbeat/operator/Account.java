package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The ServiceAccount that we are. */
record Account(String namespace, String name) {
  private static final Pattern IN_REVIEW =
      Pattern.compile("\"system:serviceaccount:([a-z0-9.-]+):([a-z0-9.-]+)\"");

  /** Asked of the API server, which everybody may; of who is a person, that of our files. */
  static Account of(KubernetesClient client) {
    return found(client).orElseGet(() -> new Account("heartbeat-system", "heartbeat"));
  }

  /** Where our own objects are: beside the ServiceAccount, or where a person's context points. */
  static String namespaceOf(KubernetesClient client) {
    return found(client)
        .map(Account::namespace)
        .orElseGet(() -> requireNonNullElse(client.getNamespace(), "default"));
  }

  private static Optional<Account> found(KubernetesClient client) {
    var review =
        client.raw(
            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            "POST",
            Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview"));
    var found = IN_REVIEW.matcher(requireNonNullElse(review, ""));
    return found.find()
        ? Optional.of(new Account(found.group(1), found.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return namespace + ":" + name;
  }
}
