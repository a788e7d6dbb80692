package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.engine.Claims;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims as Leases beside the operator, changed by compare-and-set. Another's is over when its
 * record has stood unchanged for as long as it lasts by our own monotonic clock: no wall clock is
 * compared with another.
 */
final class LeaseClaims implements Claims {
  static final String PREFIX = "heartbeat-";

  private static final Logger log = LoggerFactory.getLogger(LeaseClaims.class);

  /** Whoever holds one renews it every half minute. */
  private static final Duration LASTS = Duration.ofSeconds(90);

  private final KubernetesClient client;
  private final Supplier<String> namespace;
  private final String identity;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  private volatile @Nullable String own;

  private record Seen(String resourceVersion, long nanos) {}

  /**
   * @param namespace the operator's own
   * @param instance who we are, for people
   */
  LeaseClaims(KubernetesClient client, Supplier<String> namespace, String instance) {
    this.client = client;
    this.namespace = namespace;
    this.identity = instance + "_" + UUID.randomUUID();
  }

  @Override
  public Claim claim(String what) throws InterruptedException {
    try {
      var found = resource(what).get();
      if (found == null) {
        client.resource(fresh(what)).create();
        return new Claim.Ours();
      }
      if (!isOurs(found) && !isOver(what, found)) {
        return new Claim.Theirs();
      }
      seen.remove(what);
      // With the resourceVersion that was read: the API server compares it.
      client.resource(held(found, identity)).update();
      return new Claim.Ours();
    } catch (KubernetesClientException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(); // Fabric8 wraps an interrupt; the flag tells
      }
      return e.getCode() == HttpURLConnection.HTTP_CONFLICT
          ? new Claim.Theirs()
          : new Claim.Unknown(unusable(what, e));
    }
  }

  private boolean isOurs(Lease lease) {
    return identity.equals(lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity());
  }

  private boolean isOver(String what, Lease lease) {
    var spec = lease.getSpec();
    if (spec == null || requireNonNullElse(spec.getHolderIdentity(), "").isEmpty()) {
      return true;
    }
    var now = System.nanoTime();
    var version = lease.getMetadata().getResourceVersion();
    var since = seen.get(what);
    if (since == null || !since.resourceVersion().equals(version)) {
      seen.put(what, new Seen(version, now));
      return false;
    }
    var lasts = requireNonNullElse(spec.getLeaseDurationSeconds(), (int) LASTS.toSeconds());
    return now - since.nanos() >= Duration.ofSeconds(lasts).toNanos();
  }

  @Override
  public void release(String what) {
    try {
      var found = resource(what).get();
      if (found != null && isOurs(found)) {
        client.resource(held(found, "")).update();
      }
    } catch (KubernetesClientException e) {
      log.debug("Lease {} is not released, and will be over: {}", PREFIX + what, e.getMessage());
    }
  }

  private String namespace() {
    var known = own;
    if (known == null) {
      known = namespace.get();
      own = known;
    }
    return known;
  }

  private Resource<Lease> resource(String what) {
    return client.leases().inNamespace(namespace()).withName(PREFIX + what);
  }

  private Lease fresh(String what) {
    var empty =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(PREFIX + what)
            .withNamespace(namespace())
            .addToLabels("app.kubernetes.io/part-of", "heartbeat")
            .endMetadata()
            .build();
    return held(empty, identity);
  }

  private static Lease held(Lease lease, String holder) {
    var now = ZonedDateTime.now(ZoneOffset.UTC);
    var before = lease.getSpec();
    var changes = before == null || !holder.equals(before.getHolderIdentity());
    var spec =
        new LeaseBuilder(lease)
            .editOrNewSpec()
            .withHolderIdentity(holder)
            .withLeaseDurationSeconds((int) LASTS.toSeconds())
            .withRenewTime(now);
    if (changes && !holder.isEmpty()) {
      var transitions = before == null ? null : before.getLeaseTransitions();
      spec =
          spec.withAcquireTime(now).withLeaseTransitions(transitions == null ? 0 : transitions + 1);
    }
    return spec.endSpec().build();
  }

  private String unusable(String what, KubernetesClientException e) {
    return "Lease %s beside Heartbeat cannot be used: %s%s"
        .formatted(
            PREFIX + what,
            ApiFailure.words(e),
            e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                ? ". To allow it: kubectl apply -f k8s/operator-roles.yaml"
                : "");
  }
}
