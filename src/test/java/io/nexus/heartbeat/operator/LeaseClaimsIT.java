package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.engine.Claims.Claim;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One of several processes has it, by a clock that nobody shares. */
@WithApiServer
class LeaseClaimsIT {
  private static final String WHAT = "telegram-0123456789abcdef";

  private final ApiServer server;
  private final String namespace;

  LeaseClaimsIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
  }

  @Test
  void oneHasItUntilItLetsGo() throws Exception {
    var one = claims(server.admin(), "one");
    var other = claims(server.admin(), "other");
    assertThat(one.claim(WHAT)).isEqualTo(new Claim.Ours());
    assertThat(other.claim(WHAT)).isEqualTo(new Claim.Theirs());
    assertThat(one.claim(WHAT)).isEqualTo(new Claim.Ours());
    other.release(WHAT);
    assertThat(lease().getSpec().getHolderIdentity()).startsWith("one_");

    one.release(WHAT);
    assertThat(other.claim(WHAT)).isEqualTo(new Claim.Ours());
    assertThat(one.claim(WHAT)).isEqualTo(new Claim.Theirs());
    assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(1);
  }

  @Test
  void whoeverIsSilentForAsLongAsItLastsHasLostItWhateverItsClockSaid() throws Exception {
    var one = claims(server.admin(), "one");
    var other = claims(server.admin(), "other");
    assertThat(one.claim(WHAT)).isEqualTo(new Claim.Ours());
    var shorter =
        new LeaseBuilder(lease())
            .editSpec()
            .withLeaseDurationSeconds(3)
            .withRenewTime(lease().getSpec().getRenewTime().minusHours(1)) // of another clock
            .endSpec()
            .build();
    server.admin().resource(shorter).update();
    assertThat(other.claim(WHAT)).isEqualTo(new Claim.Theirs());
    var begun = System.nanoTime();
    await().atMost(Duration.ofSeconds(20)).until(() -> other.claim(WHAT) instanceof Claim.Ours);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(2900));
    assertThat(one.claim(WHAT)).isEqualTo(new Claim.Theirs());
  }

  @Test
  void theRightsThatWeShipAreEnoughAndWithoutThemTheRemedyIsNamed() throws Exception {
    try (var operator = server.operator()) {
      var own = new LeaseClaims(operator, () -> Account.namespaceOf(operator), "operator");
      assertThat(own.claim("telegram-of-lease-claims-it")).isEqualTo(new Claim.Ours());
      assertThat(own.claim("telegram-of-lease-claims-it")).isEqualTo(new Claim.Ours());
      own.release("telegram-of-lease-claims-it");

      assertThat(claims(operator, "operator").claim(WHAT))
          .isInstanceOfSatisfying(
              Claim.Unknown.class,
              it ->
                  assertThat(it.why())
                      .startsWith("Lease heartbeat-" + WHAT + " beside Heartbeat cannot be used: ")
                      .contains("is forbidden")
                      .endsWith("To allow it: kubectl apply -f k8s/operator-roles.yaml"));
    }
  }

  private LeaseClaims claims(KubernetesClient client, String who) {
    return new LeaseClaims(client, () -> namespace, who);
  }

  private Lease lease() {
    return server.admin().leases().inNamespace(namespace).withName(LeaseClaims.PREFIX + WHAT).get();
  }
}
