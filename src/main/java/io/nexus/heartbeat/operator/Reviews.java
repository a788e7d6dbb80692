package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whom a token belongs to, and what they may read: asked of the API server each time. */
public final class Reviews {
  private final KubernetesClient client;

  public Reviews(KubernetesClient client) {
    this.client = client;
  }

  /** Whoever a token belongs to. */
  public record Reader(UserInfo user) {}

  /** The API server does not say; the message tells why and what to do. */
  public static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;

    Unanswered(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Empty for a token that is nobody's. */
  public Optional<Reader> reader(String token) throws Unanswered {
    var review = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    try {
      var status = client.resource(review).create().getStatus();
      return Boolean.TRUE.equals(status.getAuthenticated())
          ? Optional.of(new Reader(status.getUser()))
          : Optional.empty();
    } catch (KubernetesClientException e) {
      throw unanswered(e, "tokenreviews");
    }
  }

  /**
   * @param verb get for one monitor, list for all
   * @param namespace empty: all
   * @param name empty: every monitor there
   */
  public boolean mayRead(Reader reader, String verb, String namespace, String name)
      throws Unanswered {
    var user = reader.user();
    var extra =
        Objects.requireNonNullElse(user.getExtra(), Map.<String, java.util.List<String>>of());
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.getUsername())
            .withUid(user.getUid())
            .withGroups(user.getGroups())
            .withExtra(
                extra.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
            .withNewResourceAttributes()
            .withVerb(verb)
            .withGroup(HeartbeatMonitor.GROUP)
            .withResource("heartbeatmonitors")
            .withNamespace(namespace)
            .withName(name)
            .endResourceAttributes()
            .endSpec()
            .build();
    try {
      var answer = client.authorization().v1().subjectAccessReview().create(review);
      return Boolean.TRUE.equals(answer.getStatus().getAllowed());
    } catch (KubernetesClientException e) {
      throw unanswered(e, "subjectaccessreviews");
    }
  }

  private static Unanswered unanswered(KubernetesClientException e, String resource) {
    return e.getCode() == 403
        ? new Unanswered(
            "Heartbeat may not create "
                + resource
                + ", so it cannot tell who may read this; an administrator can allow it: kubectl"
                + " apply -f k8s/health-page.yaml",
            e)
        : new Unanswered("the API server does not say who may read this", e);
  }
}
