package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * What the API server may let us do.
 *
 * @param subresource empty: the resource itself
 * @param name empty: every object of it
 */
record Right(String verb, String group, String resource, String subresource, String name) {
  Right(String verb, String group, String resource) {
    this(verb, group, resource, "", "");
  }

  /**
   * Asked of the API server, which everybody may.
   *
   * @param namespace empty: all
   */
  boolean isGiven(KubernetesClient client, String namespace) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(verb)
            .withGroup(group)
            .withResource(resource)
            .withSubresource(subresource)
            .withName(name)
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    var answer = client.authorization().v1().selfSubjectAccessReview().create(review);
    return Boolean.TRUE.equals(answer.getStatus().getAllowed());
  }

  @Override
  public String toString() {
    return verb + " " + resource + (subresource.isEmpty() ? "" : "/" + subresource);
  }
}
